//! What customers hold of a distributor's products, and the deposits for it.

use domain::id::{CustomerId, ProductId};

use crate::{record::records, statements};

macro_rules! select_inventory {
    ($rest:literal) => {
        concat!(
            "SELECT h.customer_id, h.product_id, p.name AS product_name, p.unit AS product_unit, h.full_count, ",
            "h.empty_count, h.deposit_paise, h.updated_at ",
            "FROM customer_inventory h JOIN products p ON p.id = h.product_id ",
            $rest
        )
    };
}

statements! {
    /// Says what a customer holds of a product. No row where either is unknown; a removed product can only be counted
    /// by those who hold it.
    PUT = "INSERT INTO customer_inventory (customer_id, product_id, full_count, empty_count, deposit_paise, \
        updated_at) SELECT c.id, p.id, $3, $4, $5, $6 FROM customers c JOIN products p ON p.id = $2 \
        WHERE c.id = $1 AND c.deleted_at IS NULL AND (p.deleted_at IS NULL OR EXISTS (SELECT 1 \
        FROM customer_inventory h WHERE h.customer_id = c.id AND h.product_id = p.id)) \
        ON CONFLICT (customer_id, product_id) DO UPDATE SET full_count = excluded.full_count, \
        empty_count = excluded.empty_count, deposit_paise = excluded.deposit_paise, updated_at = excluded.updated_at";
    /// What a customer holds of one product.
    FIND = select_inventory!("WHERE h.customer_id = $1 AND h.product_id = $2");
    /// All that a customer holds, by name of the product.
    LIST = select_inventory!("WHERE h.customer_id = $1 ORDER BY p.name, p.id");
}

records! {
    /// What a customer holds of one product.
    InventoryRow {
        /// Who.
        customer_id: CustomerId,
        /// Of what.
        product_id: ProductId,
        /// Its name.
        product_name: String,
        /// What one is.
        product_unit: String,
        /// Full ones.
        full_count: i64,
        /// Empty ones.
        empty_count: i64,
        /// Deposit paid for them.
        deposit_paise: i64,
        /// When it was last counted.
        updated_at: i64,
    }
}
