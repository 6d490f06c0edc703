//! What belongs to becoming and staying a courier: applications, documents, planned shifts.

use std::sync::atomic::{AtomicI64, Ordering};

use app::{
    applications::{Application, NewApplication},
    couriers::CourierProfile,
    documents::NewDocument,
    shifts::NewShift,
};
use domain::{
    courier::Vehicle,
    document::DocumentKind,
    id::{CourierId, ShiftId},
    permission::Actor,
};
use jiff::SignedDuration;
use testkit::TestCity;
use uuid::Uuid;

use crate::couriers::pictures::PICTURE;

fn document(kind: DocumentKind, number: &str) -> NewDocument {
    NewDocument { kind, number: number.to_owned(), expires_on: None }
}

/// Somebody on a bicycle whom staff register.
pub(crate) async fn newcomer(city: &TestCity, phone: &str) -> CourierId {
    let profile = CourierProfile { name: "Farah".to_owned(), phone: Some(phone.to_owned()), vehicle: Vehicle::Bicycle };
    city.app.add_courier(&city.system(), city.id, &profile).await.unwrap()
}

/// Somebody on a bicycle applies.
pub(crate) async fn application(city: &TestCity, phone: &str) -> Application {
    let code = city.code_for(phone).await;
    let new = NewApplication {
        phone: phone.to_owned(),
        code,
        name: "Devi".to_owned(),
        city_id: city.id,
        vehicle: Vehicle::Bicycle,
        languages: vec!["kn".to_owned()],
        documents: vec![document(DocumentKind::Pan, "AAZPZ0001A"), document(DocumentKind::Identity, "7058")],
    };
    city.app.apply_as_courier(&city.app.ctx(Actor::Anonymous), &new).await.unwrap()
}

/// The same, with a picture of the first document.
pub(crate) async fn pictured_application(city: &TestCity, phone: &str) -> Application {
    let made = application(city, phone).await;
    let (ctx, pass) = (city.app.ctx(Actor::Anonymous), made.picture_pass.as_deref().unwrap());
    let sent = city.app.put_application_picture(&ctx, made.row.id, made.documents[0].id, pass, PICTURE.to_vec());
    sent.await.unwrap();
    made
}

/// A courier hands a document in, with a picture.
pub(crate) async fn handed_in(city: &TestCity, courier: CourierId) -> Uuid {
    let new = document(DocumentKind::Identity, "7058");
    let papers = city.app.submit_document(&city.system(), courier, &new).await.unwrap();
    let document = papers.documents[0].id;
    city.app.put_picture(&city.system(), courier, document, PICTURE.to_vec()).await.unwrap();
    document.into()
}

/// A shift of the next days that nobody has; no two at the same time.
pub(crate) async fn shift(city: &TestCity) -> ShiftId {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    let starts_at = city.system().now + SignedDuration::from_hours(2 * NEXT.fetch_add(1, Ordering::Relaxed));
    let ends_at = starts_at + SignedDuration::from_hours(1);
    let new = NewShift { city_id: city.id, zone_id: None, starts_at, ends_at, places: 1 };
    city.app.plan_shifts(&city.system(), &new).await.unwrap()[0].id
}
