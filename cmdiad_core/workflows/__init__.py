"""One function per user action, each reporting progress and honouring cancel."""
