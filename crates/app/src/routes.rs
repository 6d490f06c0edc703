//! Planned routes: a day, a depot, stops in order, and who drives. Staff plan them; a courier sees the own ones once
//! they are published.

use domain::{
    id::{CityId, CourierId, RouteId},
    permission::{Action, Owners, Scope},
    rule::Rule,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use store::{Tx, args, couriers, routes};
use uuid::Uuid;

use crate::{App, context::Ctx, error::Error, input, paging, stored::json};

/// Stops of one route.
pub const MOST_STOPS: usize = 300;

/// How far a route is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteStatus {
    /// Being planned.
    Draft,
    /// The courier sees it.
    Published,
    /// Driven.
    Done,
}

impl RouteStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Done];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Done => "done",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// One stop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lng: f64,
    /// Who or what is there.
    pub name: String,
    /// Not before.
    pub window_from: Option<Timestamp>,
    /// Not after.
    pub window_to: Option<Timestamp>,
    /// A word to the driver.
    pub note: Option<String>,
}

/// What is said of a route.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutePlan {
    /// Who drives it; needed once it is published.
    pub courier_id: Option<CourierId>,
    /// Its name.
    pub name: String,
    /// The local day.
    pub day: Date,
    /// How far it is.
    pub status: RouteStatus,
    /// Latitude of the depot.
    pub depot_lat: f64,
    /// Longitude of the depot.
    pub depot_lng: f64,
    /// The stops in order.
    pub stops: Vec<Stop>,
}

/// A route.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Its id.
    pub id: RouteId,
    /// Its city.
    pub city_id: CityId,
    /// Grows with every change.
    pub version: i64,
    /// The rest.
    pub plan: RoutePlan,
}

/// Which routes.
#[derive(Clone, Copy, Debug, Default)]
pub struct RouteFilter {
    /// Only of this city; a courier's own are of one anyway.
    pub city: Option<CityId>,
    /// Only of this day.
    pub day: Option<Date>,
    /// Only those after this one.
    pub after: Option<RouteId>,
    /// At most so many.
    pub limit: usize,
}

impl App {
    /// Routes that the actor may see, by id, and the cursor of the next page.
    pub async fn list_routes(&self, ctx: &Ctx, filter: &RouteFilter) -> Result<(Vec<Route>, Option<RouteId>), Error> {
        let reach = ctx.reach(Action::RouteRead)?;
        let after = filter.after.unwrap_or(RouteId(Uuid::nil()));
        let day = filter.day.map(|day| day.to_string()).unwrap_or_default();
        let count = paging::rows(filter.limit);
        let own = ctx.actor.user().and_then(|user| user.courier_id);
        let rows: Vec<routes::RouteRow> = match (reach, own, filter.city) {
            (Scope::Own, Some(own), _) => self.db.all(&routes::LIST_OF_COURIER, args![own, after, day, count]).await?,
            (Scope::Own, None, _) => Vec::new(),
            (Scope::Any, _, Some(city)) => self.db.all(&routes::LIST_OF_CITY, args![city, after, day, count]).await?,
            (Scope::Any, _, None) => self.db.all(&routes::LIST, args![after, day, count]).await?,
        };
        let (rows, next) = paging::cut(rows, filter.limit, |row| row.id);
        Ok((rows.into_iter().map(view).collect::<Result<_, _>>()?, next))
    }

    /// One route.
    pub async fn route(&self, ctx: &Ctx, id: RouteId) -> Result<Route, Error> {
        let reach = ctx.reach(Action::RouteRead)?;
        let route = self.find_route(id).await?;
        let owners = Owners { courier: route.plan.courier_id, ..Owners::default() };
        ctx.may(Action::RouteRead, &owners, "route")?;
        if reach == Scope::Own && route.plan.status == RouteStatus::Draft {
            return Err(Error::NotFound("route"));
        }
        Ok(route)
    }

    /// Plans a route.
    pub async fn add_route(&self, ctx: &Ctx, city: CityId, plan: &RoutePlan) -> Result<Route, Error> {
        ctx.reach(Action::RouteManage)?;
        if self.places().city(city).is_none() {
            return Err(Rule::UnknownReference.at("/city_id").into());
        }
        let new = self.check_plan(city, plan).await?;
        let id: RouteId = ctx.id();
        let tx = Tx::new("add route").run(
            &routes::INSERT,
            args![
                id,
                city,
                new.courier_id,
                new.name,
                new.day.to_string(),
                new.status.as_str(),
                new.depot_lat,
                new.depot_lng,
                json(&new.stops)?,
                ctx.now_us(),
            ],
        );
        self.db.commit(tx).await?;
        self.find_route(id).await
    }

    /// Changes a route, if nobody else did since `version`. What was driven stays driven.
    pub async fn update_route(&self, ctx: &Ctx, id: RouteId, version: i64, plan: &RoutePlan) -> Result<Route, Error> {
        ctx.reach(Action::RouteManage)?;
        let route = self.find_route(id).await?;
        if route.plan.status == RouteStatus::Done && plan.status != RouteStatus::Done {
            return Err(Rule::IllegalTransition.at("/status").with("from", route.plan.status.as_str()).into());
        }
        let new = self.check_plan(route.city_id, plan).await?;
        let tx = Tx::new("update route").guard(
            1,
            &routes::UPDATE,
            args![
                id,
                version,
                new.courier_id,
                new.name,
                new.day.to_string(),
                new.status.as_str(),
                new.depot_lat,
                new.depot_lng,
                json(&new.stops)?,
            ],
        );
        self.db.commit(tx).await?;
        self.find_route(id).await
    }

    /// Removes a route.
    pub async fn delete_route(&self, ctx: &Ctx, id: RouteId) -> Result<(), Error> {
        ctx.reach(Action::RouteManage)?;
        self.find_route(id).await?;
        let tx = Tx::new("delete route").guard(1, &routes::DELETE, args![id, ctx.now_us()]);
        Ok(self.db.commit(tx).await?)
    }

    async fn find_route(&self, id: RouteId) -> Result<Route, Error> {
        let row: Option<routes::RouteRow> = self.db.optional(&routes::FIND, args![id]).await?;
        view(row.ok_or(Error::NotFound("route"))?)
    }

    async fn check_plan(&self, city: CityId, plan: &RoutePlan) -> Result<RoutePlan, Error> {
        input::point("/depot", plan.depot_lat, plan.depot_lng)?;
        let fewest = i64::from(plan.status != RouteStatus::Draft);
        let count = i64::try_from(plan.stops.len()).unwrap_or(i64::MAX);
        input::within("/stops", count, fewest..=i64::try_from(MOST_STOPS).unwrap_or(i64::MAX))?;
        let stops = plan.stops.iter().enumerate().map(|(index, stop)| check_stop(index, stop));
        let stops = stops.collect::<Result<_, _>>()?;
        match plan.courier_id {
            Some(courier) => {
                let found: Option<couriers::CourierRow> = self.db.optional(&couriers::FIND, args![courier]).await?;
                if found.is_none_or(|found| found.city_id != city) {
                    return Err(Rule::UnknownReference.at("/courier_id").into());
                }
            }
            None if plan.status == RouteStatus::Draft => {}
            None => return Err(Rule::WrongFormat.at("/courier_id").into()),
        }
        Ok(RoutePlan { name: input::required("/name", &plan.name, 120)?, stops, ..plan.clone() })
    }
}

fn check_stop(index: usize, stop: &Stop) -> Result<Stop, Error> {
    let pointer = format!("/stops/{index}");
    input::point(&pointer, stop.lat, stop.lng)?;
    if let (Some(from), Some(to)) = (stop.window_from, stop.window_to)
        && from >= to
    {
        return Err(Rule::OutOfRange.at(format!("{pointer}/window_to")).with("min", from.to_string()).into());
    }
    Ok(Stop {
        name: input::required(&format!("{pointer}/name"), &stop.name, 120)?,
        note: input::optional(&format!("{pointer}/note"), stop.note.as_deref(), 300)?,
        ..stop.clone()
    })
}

fn view(row: routes::RouteRow) -> Result<Route, Error> {
    let wrong = |what: String| Error::Internal(format!("route {}: {what}", row.id));
    let plan = RoutePlan {
        courier_id: row.courier_id,
        name: row.name,
        day: row.day.parse().map_err(|_| wrong(format!("day {}", row.day)))?,
        status: RouteStatus::parse(&row.status).ok_or_else(|| wrong(format!("status {}", row.status)))?,
        depot_lat: row.depot_lat,
        depot_lng: row.depot_lng,
        stops: serde_json::from_str(&row.stops).map_err(|error| wrong(error.to_string()))?,
    };
    Ok(Route { id: row.id, city_id: row.city_id, version: row.version, plan })
}
