"""选训评奖: chiefs and posted cadres: choose, train, appraise, reward (handbook R2, R3, R5, R8, R10, R16)."""
