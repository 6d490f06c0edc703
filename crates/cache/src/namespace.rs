//! The closed list of what may be cached, with the time to live of each.
//!
//! Twelve namespaces are families that operators clear and chart as a whole (`orders`,
//! `restaurants`, ...); the others are finer kinds of answer that belong to one of them and have
//! a time to live of their own (`order_status` lives two minutes, `orders` five). A closed list
//! keeps metric labels bounded and makes every policy enumerable.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A kind of cached answer. Its name is the one used in paths, configuration and metric labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "each name is explained by the table in `facts`")]
pub enum Namespace {
    Static,
    Dynamic,
    Realtime,
    Analytics,
    Sessions,
    Customers,
    Restaurants,
    MenuItems,
    Orders,
    Deliveries,
    Reviews,
    Notifications,
    CustomerProfiles,
    CustomerPreferences,
    CustomerInsights,
    OrderStatus,
    LiveOrders,
    DeliveryTracking,
    DeliverySlots,
    LiveTracking,
    RestaurantCapacity,
    RestaurantAvailability,
    RestaurantPerformance,
    DynamicPricing,
    TrendingItems,
    PopularItems,
    RevenueMetrics,
    RevenueAnalytics,
    RevenueReports,
    DailyReports,
}

impl Namespace {
    /// How many there are.
    pub(crate) const COUNT: usize = 30;

    /// Every namespace, families first, in the order of their indices.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Static,
        Self::Dynamic,
        Self::Realtime,
        Self::Analytics,
        Self::Sessions,
        Self::Customers,
        Self::Restaurants,
        Self::MenuItems,
        Self::Orders,
        Self::Deliveries,
        Self::Reviews,
        Self::Notifications,
        Self::CustomerProfiles,
        Self::CustomerPreferences,
        Self::CustomerInsights,
        Self::OrderStatus,
        Self::LiveOrders,
        Self::DeliveryTracking,
        Self::DeliverySlots,
        Self::LiveTracking,
        Self::RestaurantCapacity,
        Self::RestaurantAvailability,
        Self::RestaurantPerformance,
        Self::DynamicPricing,
        Self::TrendingItems,
        Self::PopularItems,
        Self::RevenueMetrics,
        Self::RevenueAnalytics,
        Self::RevenueReports,
        Self::DailyReports,
    ];

    /// The name in paths, configuration, metric labels and Redis keys.
    pub const fn name(self) -> &'static str {
        self.facts().0
    }

    /// The time to live unless configured otherwise.
    pub const fn default_ttl(self) -> Duration {
        Duration::from_secs(self.facts().1)
    }

    /// Whether its answers promise an age and are therefore never sent after their time, unless
    /// their loader fails.
    pub const fn is_real_time(self) -> bool {
        matches!(
            self,
            Self::Realtime
                | Self::OrderStatus
                | Self::LiveOrders
                | Self::LiveTracking
                | Self::DeliverySlots
                | Self::RestaurantCapacity
        )
    }

    /// The namespace this one is cleared and charted with; a family is its own.
    #[must_use]
    pub const fn family(self) -> Self {
        self.facts().2
    }

    /// Every namespace of a family, the family itself included.
    pub fn members(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |member| member.family() == self.family())
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    /// Name, default time to live in seconds, family.
    const fn facts(self) -> (&'static str, u64, Self) {
        match self {
            Self::Static => ("static", 1_800, Self::Static),
            Self::Dynamic => ("dynamic", 300, Self::Dynamic),
            Self::Realtime => ("realtime", 30, Self::Realtime),
            Self::Analytics => ("analytics", 900, Self::Analytics),
            Self::Sessions => ("sessions", 1_800, Self::Sessions),
            Self::Customers => ("customers", 1_800, Self::Customers),
            Self::Restaurants => ("restaurants", 3_600, Self::Restaurants),
            Self::MenuItems => ("menu_items", 3_600, Self::MenuItems),
            Self::Orders => ("orders", 300, Self::Orders),
            Self::Deliveries => ("deliveries", 120, Self::Deliveries),
            Self::Reviews => ("reviews", 600, Self::Reviews),
            Self::Notifications => ("notifications", 120, Self::Notifications),
            Self::CustomerProfiles => ("customer_profiles", 1_800, Self::Customers),
            Self::CustomerPreferences => ("customer_preferences", 900, Self::Customers),
            Self::CustomerInsights => ("customer_insights", 21_600, Self::Analytics),
            Self::OrderStatus => ("order_status", 120, Self::Orders),
            Self::LiveOrders => ("live_orders", 30, Self::Orders),
            Self::DeliveryTracking => ("delivery_tracking", 120, Self::Deliveries),
            Self::DeliverySlots => ("delivery_slots", 30, Self::Deliveries),
            Self::LiveTracking => ("live_tracking", 30, Self::Deliveries),
            Self::RestaurantCapacity => ("restaurant_capacity", 30, Self::Restaurants),
            Self::RestaurantAvailability => ("restaurant_availability", 60, Self::Restaurants),
            Self::RestaurantPerformance => ("restaurant_performance", 14_400, Self::Analytics),
            Self::DynamicPricing => ("dynamic_pricing", 120, Self::Dynamic),
            Self::TrendingItems => ("trending_items", 300, Self::Analytics),
            Self::PopularItems => ("popular_items", 900, Self::Analytics),
            Self::RevenueMetrics => ("revenue_metrics", 900, Self::Analytics),
            Self::RevenueAnalytics => ("revenue_analytics", 2_400, Self::Analytics),
            Self::RevenueReports => ("revenue_reports", 43_200, Self::Analytics),
            Self::DailyReports => ("daily_reports", 86_400, Self::Analytics),
        }
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl serde::Serialize for Namespace {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The text names no namespace.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no cache namespace of this name")]
pub struct UnknownNamespace;

impl FromStr for Namespace {
    type Err = UnknownNamespace;

    fn from_str(name: &str) -> Result<Self, UnknownNamespace> {
        Self::ALL.into_iter().find(|namespace| namespace.name() == name).ok_or(UnknownNamespace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_index_order_and_names_lead_back() {
        for (index, namespace) in Namespace::ALL.into_iter().enumerate() {
            assert_eq!(namespace.index(), index);
            assert_eq!(namespace.name().parse(), Ok(namespace));
            assert_eq!(namespace.family().family(), namespace.family());
        }
        assert_eq!("menu-items".parse::<Namespace>(), Err(UnknownNamespace));
    }

    #[test]
    fn the_twelve_families_come_first() {
        let families: Vec<_> =
            Namespace::ALL.into_iter().filter(|namespace| namespace.family() == *namespace).collect();
        assert_eq!(families, Namespace::ALL[..12]);
        let orders: Vec<_> = Namespace::Orders.members().map(Namespace::name).collect();
        assert_eq!(orders, ["orders", "order_status", "live_orders"]);
    }

    #[test]
    fn time_to_live_defaults_are_the_published_ones() {
        let published = "static 1800, restaurants 3600, menu_items 3600, customer_profiles 1800, sessions 1800, \
            dynamic 300, orders 300, order_status 120, delivery_tracking 120, reviews 600, notifications 120, \
            realtime 30, delivery_slots 30, restaurant_capacity 30, live_tracking 30, live_orders 30, \
            restaurant_availability 60, dynamic_pricing 120, trending_items 300, analytics 900, popular_items 900, \
            customer_preferences 900, revenue_metrics 900, revenue_analytics 2400, daily_reports 86400, \
            customer_insights 21600, restaurant_performance 14400, revenue_reports 43200";
        for line in published.split(", ") {
            let (name, seconds) = line.split_once(' ').unwrap_or_default();
            let namespace: Result<Namespace, _> = name.parse();
            let ttl = namespace.map(|namespace| namespace.default_ttl().as_secs().to_string());
            assert_eq!(ttl.as_deref(), Ok(seconds), "{name}");
        }
    }
}
