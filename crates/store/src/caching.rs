//! What must survive a restart about cached answers: clears by hand, changed rules, and use by the hour of the week.

use uuid::Uuid;

use crate::{record::records, statements};

statements! {
    /// Records a clear by hand before it happens.
    INSERT_CLEAR = "INSERT INTO cache_clears (id, at, user_id, user_name, scope, why, node) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Adds what a clear by hand came to on the node that did it.
    END_CLEAR = "UPDATE cache_clears SET removed = $2, took_us = $3 WHERE id = $1";
    /// The newest clears by hand.
    LIST_CLEARS = "SELECT id, at, user_name, scope, why, node, removed, took_us FROM cache_clears \
        ORDER BY at DESC, id DESC LIMIT $1";
    /// Forgets old clears by hand.
    PRUNE_CLEARS = "DELETE FROM cache_clears WHERE at < $1";
    /// Changes the rules of a namespace.
    PUT_POLICY = "INSERT INTO cache_policies (namespace, body, user_id, user_name, why, at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (namespace) DO UPDATE SET body = excluded.body, \
        user_id = excluded.user_id, user_name = excluded.user_name, why = excluded.why, at = excluded.at";
    /// All rules that were changed.
    LIST_POLICIES = "SELECT namespace, body, user_name, why, at FROM cache_policies ORDER BY namespace";
    /// The changed rules of a namespace.
    FIND_POLICY = "SELECT namespace, body, user_name, why, at FROM cache_policies WHERE namespace = $1";
    /// Counts uses of an answer in an hour. When another week begins, half of the mean is what the week before came to.
    ADD_USES = "INSERT INTO cache_uses (hour_of_week, namespace, name, hour, uses, mean_milli) \
        VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (hour_of_week, namespace, name) DO UPDATE SET \
        mean_milli = CASE WHEN cache_uses.hour = excluded.hour THEN cache_uses.mean_milli \
            WHEN cache_uses.mean_milli = 0 THEN cache_uses.uses * 1000 \
            ELSE (cache_uses.mean_milli + cache_uses.uses * 1000) / 2 END, \
        uses = CASE WHEN cache_uses.hour = excluded.hour THEN cache_uses.uses + excluded.uses \
            ELSE excluded.uses END, \
        hour = excluded.hour";
    /// Answers used in an hour of the week, the most used first.
    LIST_USES = "SELECT hour_of_week, namespace, name, hour, uses, mean_milli FROM cache_uses \
        WHERE hour_of_week = $1 ORDER BY uses DESC, namespace, name LIMIT $2";
    /// Uses of each answer in the hours from $1 to before $2, and what is usual then: the mean of the same hours of the
    /// weeks before. Hours that no week before knows say nothing.
    LIST_DAY = "SELECT namespace, name, CAST(SUM(CASE WHEN hour >= $1 THEN uses ELSE 0 END) AS BIGINT) AS uses, \
        CAST(SUM(CASE WHEN hour >= $1 THEN mean_milli WHEN mean_milli = 0 THEN uses * 1000 \
            ELSE (mean_milli + uses * 1000) / 2 END) AS BIGINT) AS usual_milli FROM cache_uses \
        WHERE (hour >= $1 AND hour < $2 OR hour >= $1 - 168 AND hour < $2 - 168) AND hour_of_week IN ( \
            SELECT hour_of_week FROM cache_uses WHERE hour >= $1 AND hour < $2 AND mean_milli > 0 \
            OR hour >= $1 - 168 AND hour < $2 - 168) \
        GROUP BY namespace, name ORDER BY SUM(uses + mean_milli / 1000) DESC, namespace, name LIMIT $3";
    /// Uses of each hour of the week that is known: hour of the week, answers, uses.
    LIST_WEEK = "SELECT hour_of_week, CAST(COUNT(*) AS BIGINT) AS names, CAST(SUM(uses) AS BIGINT) AS uses \
        FROM cache_uses GROUP BY hour_of_week ORDER BY hour_of_week";
    /// Forgets uses that are too old to say anything.
    PRUNE_USES = "DELETE FROM cache_uses WHERE hour < $1";
}

records! {
    /// A clear by hand.
    ClearRow {
        /// Its id.
        id: Uuid,
        /// When.
        at: i64,
        /// Who, by name.
        user_name: String,
        /// What: namespaces, or a thing with its id.
        scope: String,
        /// Why.
        why: String,
        /// The node that was asked.
        node: Uuid,
        /// Answers forgotten there; `None` if it never came to that.
        removed: Option<i64>,
        /// How long it took, in microseconds.
        took_us: Option<i64>,
    }

    /// Changed rules of a namespace.
    PolicyRow {
        /// Its name.
        namespace: String,
        /// The rules as JSON.
        body: String,
        /// Who changed them, by name.
        user_name: String,
        /// Why.
        why: String,
        /// When.
        at: i64,
    }

    /// Uses of an answer in an hour of the week.
    UsesRow {
        /// 0 is Monday from midnight to one, UTC.
        hour_of_week: i64,
        /// The namespace.
        namespace: String,
        /// The key.
        name: String,
        /// The newest such hour in which it was used, in hours since the epoch.
        hour: i64,
        /// Uses in that hour.
        uses: i64,
        /// Mean of the weeks before, in thousandths; zero before the second week.
        mean_milli: i64,
    }

    /// Uses of an answer in the last day.
    DayRow {
        /// The namespace.
        namespace: String,
        /// The key.
        name: String,
        /// Uses.
        uses: i64,
        /// What is usual in the same hours, in thousandths.
        usual_milli: i64,
    }

    /// One hour of the week.
    WeekRow {
        /// 0 is Monday from midnight to one, UTC.
        hour_of_week: i64,
        /// Answers used.
        names: i64,
        /// Uses in the newest such hour.
        uses: i64,
    }
}
