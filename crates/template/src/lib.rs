//! The Django Template Language: lexer, parser, nodes, tags, filters, loaders. No I/O.
