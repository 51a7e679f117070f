"""Pages of honours: what everybody reads, one's own, the desk's, and paper."""
