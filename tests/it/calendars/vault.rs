//! What opens accounts is sealed, and only this business's row opens it.
