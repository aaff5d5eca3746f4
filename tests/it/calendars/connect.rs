//! Connecting an account, with everybody who tries to come between.
