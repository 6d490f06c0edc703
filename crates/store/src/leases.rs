//! Leases: work that must have one owner among all nodes.

use crate::statements;

statements! {
    /// Takes or renews a lease and answers its fencing number; no row while another node holds it.
    TAKE = "INSERT INTO leases (name, holder, fence, expires_at) VALUES ($1, $2, 1, $3) \
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at, \
        fence = CASE WHEN leases.holder = excluded.holder THEN leases.fence ELSE leases.fence + 1 END \
        WHERE leases.holder = excluded.holder OR leases.expires_at <= $4 RETURNING fence";
}
