"""Writes of the roster, one module a part, one public function a verb of the field."""
