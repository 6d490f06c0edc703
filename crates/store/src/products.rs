//! Products of distributors: cylinders, cans, boxes, with deposits where they come back.

use domain::id::{ProductId, VendorId};

use crate::{record::records, statements};

macro_rules! select_products {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.vendor_id, p.name, p.unit, p.attributes, p.price_paise, p.deposit_paise, p.returnable, ",
            "p.version FROM products p ",
            $rest
        )
    };
}

statements! {
    /// Adds a product.
    INSERT = "INSERT INTO products (id, vendor_id, name, unit, attributes, price_paise, deposit_paise, returnable, \
        created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Changes a product whose version is still the one that was read.
    UPDATE = "UPDATE products SET name = $3, unit = $4, attributes = $5, price_paise = $6, deposit_paise = $7, \
        returnable = $8, version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL";
    /// Removes a product that no customer holds.
    DELETE = "UPDATE products SET deleted_at = $2, version = version + 1 WHERE id = $1 AND deleted_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM customer_inventory h WHERE h.product_id = products.id \
        AND (h.full_count > 0 OR h.empty_count > 0 OR h.deposit_paise > 0))";
    /// One product.
    FIND = select_products!("WHERE p.id = $1 AND p.deleted_at IS NULL");
    /// Products by id, after a cursor.
    LIST = select_products!("WHERE p.deleted_at IS NULL AND p.id > $1 ORDER BY p.id LIMIT $2");
    /// Products of a vendor by id, after a cursor.
    LIST_OF_VENDOR = select_products!("WHERE p.vendor_id = $1 AND p.deleted_at IS NULL AND p.id > $2 \
        ORDER BY p.id LIMIT $3");
}

records! {
    /// A row of `products`.
    ProductRow {
        /// Its id.
        id: ProductId,
        /// Who sells it.
        vendor_id: VendorId,
        /// Its name.
        name: String,
        /// What one is: piece, kg, litre.
        unit: String,
        /// JSON object of words.
        attributes: String,
        /// Price of one.
        price_paise: i64,
        /// Paid until it comes back.
        deposit_paise: i64,
        /// Comes back empty.
        returnable: bool,
        /// Grows with every change.
        version: i64,
    }
}
