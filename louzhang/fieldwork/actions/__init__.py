"""What people and the clock do with a day in the field: one public function a verb."""
