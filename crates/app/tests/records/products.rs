//! Products, and what customers hold of them.

use std::collections::BTreeMap;

use app::{
    inventory::Holding,
    products::{Product, ProductFields},
};
use domain::{
    id::{ProductId, VendorId},
    money::Paise,
    rule::Rule,
};
use uuid::Uuid;

use crate::town::{Town, broken, is_forbidden, is_missing};

fn cylinder() -> ProductFields {
    ProductFields {
        name: "LPG cylinder 14.2 kg".to_owned(),
        unit: "piece".to_owned(),
        attributes: BTreeMap::from([("valve".to_owned(), "22 mm".to_owned())]),
        price: Paise::rupees(903),
        deposit: Paise::rupees(2_200),
        returnable: true,
    }
}

impl Town {
    async fn product(&self) -> Product {
        self.tick();
        let vendor = self.app.restaurant(self.kitchen).unwrap().vendor_id;
        self.app.add_product(&self.dispatcher(), vendor, &cylinder()).await.unwrap()
    }
}

#[tokio::test]
async fn staff_keep_products() {
    let town = Town::new().await;
    let staff = town.dispatcher();
    let added = town.product().await;
    assert_eq!((added.version, &added.fields), (1, &cylinder()));
    let dearer = ProductFields { price: Paise::rupees(950), ..cylinder() };
    let changed = town.app.update_product(&staff, added.id, 1, &dearer).await.unwrap();
    assert_eq!((changed.version, changed.fields.price), (2, Paise::rupees(950)));
    assert_eq!(broken(town.app.update_product(&staff, added.id, 1, &dearer).await).0, Rule::VersionConflict);
    let second = town.product().await;
    let (page, next) = town.app.list_products(&staff, Some(added.vendor_id), None, 1).await.unwrap();
    assert_eq!((page[0].id, next), (added.id, Some(added.id)));
    let (page, next) = town.app.list_products(&staff, None, next, 1).await.unwrap();
    assert_eq!((page[0].id, next), (second.id, None));
    town.app.delete_product(&staff, added.id).await.unwrap();
    assert!(is_missing(&town.app.product(&staff, added.id).await));
    assert!(is_forbidden(&town.app.product(&town.cook(), second.id).await));
}

#[tokio::test]
async fn a_wrong_product_is_refused_by_field() {
    let town = Town::new().await;
    let staff = town.dispatcher();
    let nobody = VendorId(Uuid::from_u128(1));
    let refused = town.app.add_product(&staff, nobody, &cylinder()).await;
    assert_eq!(broken(refused), (Rule::UnknownReference, "/vendor_id".to_owned()));
    let vendor = town.app.restaurant(town.kitchen).unwrap().vendor_id;
    for (wrong, pointer) in [
        (ProductFields { name: String::new(), ..cylinder() }, "/name"),
        (ProductFields { unit: "x".repeat(21), ..cylinder() }, "/unit"),
        (ProductFields { price: Paise(-1), ..cylinder() }, "/price_paise"),
        (ProductFields { deposit: Paise::rupees(1_000_000), ..cylinder() }, "/deposit_paise"),
        (ProductFields { attributes: BTreeMap::from([(String::new(), String::new())]), ..cylinder() }, "/attributes"),
    ] {
        assert_eq!(broken(town.app.add_product(&staff, vendor, &wrong).await).1, pointer);
    }
}

#[tokio::test]
async fn what_a_customer_holds_is_counted() {
    let town = Town::new().await;
    let (staff, asha) = (town.dispatcher(), town.register("Asha", "98765 43210").await);
    let product = town.product().await;
    let holding = |full, empty| Holding { full, empty, deposit: Paise::rupees(2_200) };
    town.app.put_inventory(&staff, asha, product.id, holding(2, 0)).await.unwrap();
    let row = town.app.put_inventory(&staff, asha, product.id, holding(1, 1)).await.unwrap();
    assert_eq!((row.full_count, row.empty_count, row.product_name.as_str()), (1, 1, "LPG cylinder 14.2 kg"));
    assert_eq!(town.app.inventory(&town.customer(asha), asha).await.unwrap(), [row]);
    let own = town.app.put_inventory(&town.customer(asha), asha, product.id, holding(0, 0)).await;
    assert!(is_forbidden(&own));
    assert!(is_missing(&town.app.put_inventory(&staff, asha, ProductId(Uuid::from_u128(1)), holding(1, 0)).await));
    let negative = town.app.put_inventory(&staff, asha, product.id, holding(-1, 0)).await;
    assert_eq!(broken(negative), (Rule::OutOfRange, "/full".to_owned()));
}

#[tokio::test]
async fn a_product_stays_while_somebody_holds_it() {
    let town = Town::new().await;
    let (staff, asha) = (town.dispatcher(), town.register("Asha", "98765 43210").await);
    let product = town.product().await;
    let holding = |empty| Holding { full: 0, empty, deposit: Paise::ZERO };
    town.app.put_inventory(&staff, asha, product.id, holding(1)).await.unwrap();
    assert_eq!(broken(town.app.delete_product(&staff, product.id).await).0, Rule::InUse);
    town.app.put_inventory(&staff, asha, product.id, holding(0)).await.unwrap();
    town.app.delete_product(&staff, product.id).await.unwrap();
    // Whoever held it can still be counted; nobody else can begin to.
    assert!(town.app.put_inventory(&staff, asha, product.id, holding(1)).await.is_ok());
    let ravi = town.register("Ravi", "98765 00000").await;
    assert!(is_missing(&town.app.put_inventory(&staff, ravi, product.id, holding(1)).await));
}
