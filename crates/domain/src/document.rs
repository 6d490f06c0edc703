//! The documents of a courier: which ones a vehicle needs, and until when they hold.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::courier::Vehicle;

/// What kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// Licence to drive.
    DrivingLicence,
    /// Registration of the vehicle.
    VehicleRegistration,
    /// Insurance of the vehicle.
    Insurance,
    /// Permanent account number, which tax deducted at source needs.
    Pan,
    /// Aadhaar, of which only the last four digits are ever taken.
    Identity,
}

/// Days before the end at which a courier is warned.
pub const WARNINGS: [i64; 2] = [30, 7];

impl DocumentKind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::DrivingLicence, Self::VehicleRegistration, Self::Insurance, Self::Pan, Self::Identity];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DrivingLicence => "driving_licence",
            Self::VehicleRegistration => "vehicle_registration",
            Self::Insurance => "insurance",
            Self::Pan => "pan",
            Self::Identity => "identity",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// In words, for messages.
    pub const fn title(self) -> &'static str {
        match self {
            Self::DrivingLicence => "driving licence",
            Self::VehicleRegistration => "vehicle registration",
            Self::Insurance => "insurance",
            Self::Pan => "PAN",
            Self::Identity => "identity",
        }
    }

    /// Whether it runs out.
    pub const fn expires(self) -> bool {
        matches!(self, Self::DrivingLicence | Self::VehicleRegistration | Self::Insurance)
    }

    /// Whether it is accepted only with a picture. Of an identity one may be handed in, and need not be: most cards show
    /// the whole Aadhaar number, which nobody is asked for.
    pub const fn needs_picture(self) -> bool {
        !matches!(self, Self::Identity)
    }
}

impl Vehicle {
    /// Whether it has an engine: then the law asks for a licence, a registration and an insurance. An electric bicycle of
    /// at most 250 W and 25 km/h is none of the Central Motor Vehicles Rules' motor vehicles (rule 2(u)).
    pub const fn is_motor_vehicle(self) -> bool {
        match self {
            Self::Foot | Self::Bicycle | Self::EBike => false,
            Self::Scooter | Self::Motorcycle | Self::Car | Self::Van => true,
        }
    }

    /// The documents that whoever rides it must show.
    pub fn required_documents(self) -> impl Iterator<Item = DocumentKind> {
        DocumentKind::ALL.into_iter().filter(move |kind| !kind.expires() || self.is_motor_vehicle())
    }
}

/// A document that staff accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What kind.
    pub kind: DocumentKind,
    /// The last day on which it holds; `None` for what does not run out.
    pub expires_on: Option<Date>,
}

impl Accepted {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.expires_on.is_none_or(|last| day <= last)
    }

    /// The nearest warning that is due, in days before the end; zero once it has run out.
    pub fn warning_due(&self, today: Date) -> Option<i64> {
        let last = self.expires_on?;
        if today > last {
            return Some(0);
        }
        let left = i64::from(today.until(last).ok()?.get_days());
        WARNINGS.into_iter().filter(|days| left <= *days).min()
    }
}

/// Whose papers have been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// All of them are on file here: the courier applied.
    Here,
    /// Staff registered the courier and saw the papers elsewhere: only what was handed in here can run out here.
    Elsewhere,
}

/// The documents that a vehicle needs and that are missing or have run out.
pub fn lapsed(vehicle: Vehicle, accepted: &[Accepted], seen: Seen, today: Date) -> Vec<DocumentKind> {
    let missed = |kind: &DocumentKind| match accepted.iter().find(|it| it.kind == *kind) {
        Some(shown) => !shown.holds_on(today),
        None => seen == Seen::Here,
    };
    vehicle.required_documents().filter(missed).collect()
}

#[cfg(test)]
mod tests {
    use super::{Accepted, DocumentKind, Seen, lapsed};
    use crate::courier::Vehicle;
    use jiff::civil::{Date, date};

    const TODAY: Date = date(2026, 11, 20);

    fn licence(expires_on: Date) -> Accepted {
        Accepted { kind: DocumentKind::DrivingLicence, expires_on: Some(expires_on) }
    }

    fn all(expires_on: Date) -> Vec<Accepted> {
        let one = |kind: DocumentKind| Accepted { kind, expires_on: kind.expires().then_some(expires_on) };
        DocumentKind::ALL.map(one).to_vec()
    }

    #[test]
    fn a_bicycle_needs_no_licence_and_a_scooter_does() {
        let needed = |vehicle: Vehicle| vehicle.required_documents().map(DocumentKind::as_str).collect::<Vec<_>>();
        assert_eq!(needed(Vehicle::Bicycle), ["pan", "identity"]);
        assert_eq!(
            needed(Vehicle::Scooter),
            ["driving_licence", "vehicle_registration", "insurance", "pan", "identity"]
        );
    }

    #[test]
    fn a_document_holds_through_its_last_day() {
        assert!(licence(TODAY).holds_on(TODAY));
        assert!(!licence(TODAY.yesterday().unwrap()).holds_on(TODAY));
        let on = |vehicle, day| lapsed(vehicle, &all(TODAY), Seen::Here, day).len();
        assert_eq!(on(Vehicle::Scooter, TODAY), 0);
        assert_eq!(on(Vehicle::Scooter, TODAY.tomorrow().unwrap()), 3);
        assert_eq!(on(Vehicle::Bicycle, TODAY.tomorrow().unwrap()), 0);
    }

    #[test]
    fn what_a_faster_vehicle_needs_is_missed_at_once() {
        let bicycle = all(TODAY).into_iter().filter(|it| !it.kind.expires()).collect::<Vec<_>>();
        assert_eq!(lapsed(Vehicle::Bicycle, &bicycle, Seen::Here, TODAY), []);
        assert_eq!(lapsed(Vehicle::Motorcycle, &bicycle, Seen::Here, TODAY).len(), 3);
    }

    #[test]
    fn who_was_registered_by_staff_misses_only_what_ran_out_here() {
        let yesterday = licence(TODAY.yesterday().unwrap());
        assert_eq!(lapsed(Vehicle::Motorcycle, &[], Seen::Elsewhere, TODAY), []);
        assert_eq!(lapsed(Vehicle::Motorcycle, &[licence(TODAY)], Seen::Elsewhere, TODAY), []);
        assert_eq!(lapsed(Vehicle::Motorcycle, &[yesterday], Seen::Elsewhere, TODAY), [DocumentKind::DrivingLicence]);
    }

    #[test]
    fn warnings_come_thirty_and_seven_days_ahead_and_at_the_end() {
        let due = |last: Date| licence(last).warning_due(TODAY);
        assert_eq!(due(date(2026, 12, 21)), None);
        assert_eq!(due(date(2026, 12, 20)), Some(30));
        assert_eq!(due(date(2026, 11, 28)), Some(30));
        assert_eq!(due(date(2026, 11, 27)), Some(7));
        assert_eq!(due(TODAY), Some(7));
        assert_eq!(due(date(2026, 11, 19)), Some(0));
    }
}
