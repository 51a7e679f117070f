"""Writes of surveys, one public function a verb of the field."""
