//! What is particular to India, as pure functions on values: GST computation, identifiers and rupee grouping.
//!
//! The crate decides formats and arithmetic; it does not know databases, clocks or who owns an identifier.
//! Tax rates arrive from the caller as dated data, so a bill of any past day can be explained again.
//! Identifiers are newtypes that can only hold a checked, normalised value, and those that point at a person print
//! themselves masked in debug output. An Aadhaar number has no type at all: the platform may never hold one.

mod aadhaar;
mod grouping;
pub mod gst;
mod identifiers;
mod state_code;

pub use aadhaar::{looks_like_aadhaar, redact};
pub use grouping::{grouped, rupees};
pub use identifiers::{
    DrivingLicence, Fssai, Gstin, IdentifierError, Ifsc, Mobile, Pan, PanHolder, Pin, UpiAddress, Vehicle,
};
pub use state_code::StateCode;
