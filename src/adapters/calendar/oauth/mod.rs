//! The code grant with PKCE (RFC 6749, RFC 7636), as the vendors' adapters share it.
