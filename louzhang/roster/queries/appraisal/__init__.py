"""Reading appraisals: who held which post, what counts, the figures of a month, who may see which of them."""
