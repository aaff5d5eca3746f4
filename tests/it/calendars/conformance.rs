//! Every provider against everything that its vendor may answer.
