//! Model changes to schema changes: operations, graph, executor, Django's own history.
