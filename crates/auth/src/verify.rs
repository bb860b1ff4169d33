//! May this visitor open this route?

use nuages_web::Access;

use crate::Permissions;

/// What is to be done with a request for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Let it through.
    Pass,
    /// Send the visitor to the login page.
    Login,
    /// Send a user there whose login was too long ago.
    LoginAgain,
    /// Answer 403.
    Forbidden,
}

/// Decides for a visitor whose permissions are known; an anonymous one has none.
pub(crate) fn verify(access: &Access, visitor: Option<&Permissions>) -> Decision {
    match access {
        Access::Public => Decision::Pass,
        Access::Login if visitor.is_some() => Decision::Pass,
        Access::Login => Decision::Login,
        Access::Permission { perms, raise } => {
            let allowed = match visitor {
                Some(permissions) => permissions.contains_all(perms),
                None => perms.is_empty(),
            };
            match (allowed, raise) {
                (true, _) => Decision::Pass,
                (false, true) => Decision::Forbidden,
                (false, false) => Decision::Login,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_access_is_decided_as_in_django() {
        let needs = |raise| Access::Permission {
            perms: vec!["a.x".to_owned(), "a.y".to_owned()].into(),
            raise,
        };
        let some = Permissions::of(["a.x".to_owned()]);
        let both = Permissions::of(["a.x".to_owned(), "a.y".to_owned()]);
        let check = |access: &Access, visitor: Option<&Permissions>, expect| {
            assert_eq!(verify(access, visitor), expect, "{access:?} {visitor:?}");
        };
        check(&Access::Public, None, Decision::Pass);
        check(&Access::Login, None, Decision::Login);
        check(&Access::Login, Some(&Permissions::none()), Decision::Pass);
        for visitor in [None, Some(&some)] {
            check(&needs(false), visitor, Decision::Login);
            check(&needs(true), visitor, Decision::Forbidden);
        }
        for visitor in [&both, &Permissions::all()] {
            check(&needs(false), Some(visitor), Decision::Pass);
            check(&needs(true), Some(visitor), Decision::Pass);
        }
    }
}
