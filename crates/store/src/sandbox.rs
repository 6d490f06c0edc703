//! What the built-in test gateway holds.

use crate::statements;

statements! {
    /// Captures an amount under a reference, once.
    CAPTURE = "INSERT INTO sandbox_captures (reference, amount_paise, captured_at) VALUES ($1, $2, $3) \
        ON CONFLICT (reference) DO NOTHING";
    /// Gives back a whole capture, once.
    REFUND = "UPDATE sandbox_captures SET refunded_paise = amount_paise WHERE reference = $1 AND refunded_paise = 0";
}
