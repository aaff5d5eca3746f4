//! The calls' sockets.
