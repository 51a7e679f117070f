"""Writes of the register, one public function a verb of the field."""
