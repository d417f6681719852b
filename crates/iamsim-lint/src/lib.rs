//! Judgements about policies that do not stop evaluation.
