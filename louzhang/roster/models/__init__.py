"""Tables of the roster, one module a part: choosing, duties, training, posted cadres, appraisal, honours."""
