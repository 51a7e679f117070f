"""Writes of training, one public function a verb of the field."""
