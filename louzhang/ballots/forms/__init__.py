"""What is typed around a ballot."""
