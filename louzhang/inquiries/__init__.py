"""微邻里: residents ask who looks after their place, and get a short answer."""
