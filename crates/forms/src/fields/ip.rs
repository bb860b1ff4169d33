//! IP addresses.

use std::sync::Arc;

use super::char::{as_text, text_options};
use super::{CharField, FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::number::strip;
use crate::validators::{
    Ipv6Cleaner, Validator, validate_ipv4_address, validate_ipv6_address, validate_ipv46_address,
};
use crate::value::Value;

/// Which addresses a [`GenericIpAddressField`] takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IpProtocol {
    /// Those of IPv4 and of IPv6.
    #[default]
    Both,
    /// Those of IPv4.
    Ipv4,
    /// Those of IPv6.
    Ipv6,
}

/// An IP address, IPv6 in its shortest form.
///
/// ```
/// use nuages_forms::fields::{GenericIpAddressField, IpProtocol};
/// use nuages_forms::Field;
/// let field = Field::new(GenericIpAddressField::new());
/// assert_eq!(field.clean(" 2001:0db8::0001 ").unwrap(), "2001:db8::1".into());
/// assert_eq!(field.clean("1.2.3").unwrap_err().as_text(), "* Enter a valid IPv4 or IPv6 address.");
///
/// let field = Field::new(GenericIpAddressField::new().protocol(IpProtocol::Ipv4));
/// assert!(field.clean("2001:db8::1").is_err());
/// ```
///
/// # Security
/// An address that is written in another way than it is compared goes past a list of addresses: `::ffff:10.0.0.1` is
/// `10.0.0.1` for the network. [`GenericIpAddressField::unpack_ipv4`] makes it the same here.
///
/// # Django
/// `GenericIPAddressField`.
#[derive(Clone, Debug)]
pub struct GenericIpAddressField {
    text: CharField,
    protocol: IpProtocol,
    unpack_ipv4: bool,
}

impl GenericIpAddressField {
    /// Any address.
    pub fn new() -> Self {
        Self {
            text: CharField::new().max_length(LONGEST),
            protocol: IpProtocol::Both,
            unpack_ipv4: false,
        }
    }

    /// Addresses of this kind only.
    pub fn protocol(mut self, protocol: IpProtocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// An IPv4 address that was mapped to IPv6 becomes one again; only where both kinds are taken.
    pub fn unpack_ipv4(mut self) -> Self {
        self.unpack_ipv4 = true;
        self
    }
}

/// The longest text of an IPv6 address.
const LONGEST: usize = 39;

text_options!(GenericIpAddressField, text);

impl Default for GenericIpAddressField {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldKind for GenericIpAddressField {
    as_text!(text);

    fn name(&self) -> &'static str {
        "GenericIPAddressField"
    }

    fn default_validators(&self) -> Vec<Arc<dyn Validator>> {
        vec![match self.protocol {
            IpProtocol::Both => Arc::new(validate_ipv46_address),
            IpProtocol::Ipv4 => Arc::new(validate_ipv4_address),
            IpProtocol::Ipv6 => Arc::new(validate_ipv6_address),
        }]
    }

    fn to_value(&self, _cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        if value.is_empty() {
            return Ok(Value::Str(String::new()));
        }
        let text = value.to_string();
        let text = strip(&text);
        if !text.contains(':') {
            return Ok(Value::Str(text.to_owned()));
        }
        let mut cleaner = Ipv6Cleaner::default();
        if let Some(longest) = self.text.longest() {
            cleaner = cleaner.max_length(longest);
        }
        if self.unpack_ipv4 && self.protocol == IpProtocol::Both {
            cleaner = cleaner.unpack_ipv4();
        }
        cleaner.clean(text).map(Value::Str)
    }
}
