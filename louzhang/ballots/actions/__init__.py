"""Writes of the ballot box, one public function a verb of the field."""
