//! Cal.com as the adapter sees it.
