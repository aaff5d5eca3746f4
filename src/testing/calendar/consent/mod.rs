//! A consent page and its tokens, as Google, Microsoft and Calendly have them.
