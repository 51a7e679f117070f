"""Pages of the register: the same for who keeps it in the field and at the community's desk."""
