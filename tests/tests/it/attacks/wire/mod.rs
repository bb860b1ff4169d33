//! W: the wire. Raw bytes over real sockets, against our listener alone.
//!
//! The catalogue also wants each of these behind nginx; [`behind_nginx`] says when there is none.

mod behind_nginx;
mod floods;
pub(crate) mod frames;
mod legit;
mod limits;
mod many;
pub(crate) mod raw;
mod slow;
mod smuggling;
mod target;
