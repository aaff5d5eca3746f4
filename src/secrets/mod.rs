//! Sealing what opens other people's accounts, so that whoever reads the database learns nothing.
