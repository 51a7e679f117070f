"""Honours: one public function a verb; kinds, proposing, checking, awarding, flags, bonuses, letters, the wall."""
