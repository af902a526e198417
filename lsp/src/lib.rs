//! The language server of akslint. It has no features yet: the command line is the only front end.
