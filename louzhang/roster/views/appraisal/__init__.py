"""Pages of appraisals: the own month, the sheet of an appraiser, the desk of the community."""
