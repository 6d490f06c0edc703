//! Menus: read, replaced, and dishes taken off and put back on.

mod items;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use domain::{
    event::Event,
    id::{CityId, MenuItemId, OptionGroupId, OptionId, RestaurantId, SectionId},
    menu::{GroupKind, Menu, MenuItem, MenuOption, OnSale, OptionGroup, Section, VegMark},
    money::Paise,
    permission::{Action, Owners},
};
use store::{Tx, args, menus, restaurants};

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
    restaurants::directory::Entry,
    stored::json,
};

pub use items::{ItemFields, ItemView, Stock};

/// Until when something is off sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffUntil {
    /// For four hours.
    FourHours,
    /// Until the next local midnight.
    Today,
    /// Until somebody puts it back.
    Changed,
}

/// How often menus were forgotten, so that who reads one meanwhile does not keep it. Some restaurants share a count, which
/// costs a reading more and nothing else.
pub(crate) struct MenusForgotten([AtomicU64; 64]);

impl Default for MenusForgotten {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl MenusForgotten {
    fn counter(&self, id: RestaurantId) -> &AtomicU64 {
        &self.0[usize::from(id.0.as_bytes()[15]) % self.0.len()]
    }

    fn of(&self, id: RestaurantId) -> u64 {
        self.counter(id).load(Ordering::SeqCst)
    }

    fn note(&self, id: RestaurantId) {
        self.counter(id).fetch_add(1, Ordering::SeqCst);
    }

    fn note_all(&self) {
        for counter in &self.0 {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl App {
    /// The menu of a restaurant, from memory if it is there. Its prices are checked again when an order is placed.
    pub async fn menu(&self, id: RestaurantId) -> Result<Arc<Menu>, Error> {
        if let Some(menu) = self.menus.get(&id) {
            return Ok(menu);
        }
        self.load_menu(id).await
    }

    /// The menu as the database has it, which also renews the one in memory.
    pub async fn load_menu(&self, id: RestaurantId) -> Result<Arc<Menu>, Error> {
        let restaurant = self.restaurant(id)?;
        let forgotten = self.menus_forgotten.of(id);
        // The version is read first: a change in between makes the menu newer than its version, never older.
        let row: restaurants::RestaurantRow =
            self.db.optional(&restaurants::FIND, args![id]).await?.ok_or(Error::NotFound("restaurant"))?;
        let sections = self.db.all(&menus::LIST_SECTIONS, args![id]).await?;
        let items = self.db.all(&menus::LIST_ITEMS, args![id]).await?;
        let groups = self.db.all(&menus::LIST_GROUPS, args![id]).await?;
        let options = self.db.all(&menus::LIST_OPTIONS, args![id]).await?;
        let menu = Arc::new(assemble(restaurant.id, row.menu_version, sections, items, groups, options)?);
        self.menus.insert(id, Arc::clone(&menu));
        // It was forgotten while it was read.
        if self.menus_forgotten.of(id) != forgotten {
            self.menus.remove(&id);
        }
        Ok(menu)
    }

    /// Forgets a menu in memory.
    pub fn forget_menu(&self, id: RestaurantId) {
        self.menus_forgotten.note(id);
        self.menus.remove(&id);
    }

    /// Forgets all menus in memory.
    pub(crate) fn forget_menus(&self) {
        self.menus_forgotten.note_all();
        self.menus.clear();
    }

    /// Forgets at once what this node keeps of a menu that changed, so that its author reads what was written.
    async fn forget_changed_menu(&self, ctx: &Ctx, restaurant: &Entry) {
        self.forget_menu(restaurant.id);
        // The row of the restaurant says which version its menu has.
        if let Err(error) = self.reload_restaurant(restaurant.id).await {
            tracing::warn!(%error, "a restaurant will be read anew later");
        }
        let event = Event::MenuChanged { restaurant_id: restaurant.id, items: Vec::new() };
        self.forget_now(event, restaurant.city_id, ctx.now).await;
    }

    /// Replaces a whole menu. Ids in `sections` are the new ones; the rules are those of single dishes.
    pub async fn put_menu(&self, ctx: &Ctx, id: RestaurantId, sections: &[Section]) -> Result<Arc<Menu>, Error> {
        ctx.may(Action::MenuWrite, &Owners::restaurant(id), "restaurant")?;
        let restaurant = self.restaurant(id)?;
        let sections = items::check::sections(sections, restaurant.veg_mark)?;
        let tx = Tx::new("put menu")
            .guard(1, &restaurants::TOUCH_MENU, args![id])
            .run(&menus::DELETE_ITEMS, args![id, ctx.now_us()]);
        let tx = insert_sections(tx, restaurant.city_id, id, &sections)?;
        self.db
            .commit(self.tell(
                ctx,
                tx,
                restaurant.city_id,
                &Event::MenuChanged { restaurant_id: id, items: Vec::new() },
            )?)
            .await?;
        self.forget_changed_menu(ctx, &restaurant).await;
        self.load_menu(id).await
    }

    /// Takes a dish off sale or puts it back.
    pub async fn set_item_on_sale(
        &self,
        ctx: &Ctx,
        id: MenuItemId,
        available: bool,
        until: OffUntil,
    ) -> Result<MenuItem, Error> {
        let owner: Option<(RestaurantId,)> = self.db.optional(&menus::FIND_ITEM_RESTAURANT, args![id]).await?;
        let (restaurant_id,) = self.owned_menu(ctx, owner, "menu item")?;
        self.set_on_sale(ctx, restaurant_id, id, &menus::SET_ITEM_ON_SALE, id.into(), available, until).await
    }

    /// Takes an option off sale or puts it back; answers its dish.
    pub async fn set_option_on_sale(
        &self,
        ctx: &Ctx,
        id: OptionId,
        available: bool,
        until: OffUntil,
    ) -> Result<MenuItem, Error> {
        let owner: Option<menus::OptionOwnerRow> = self.db.optional(&menus::FIND_OPTION_OWNER, args![id]).await?;
        let item = owner.as_ref().map(|row| row.item_id);
        let (restaurant_id,) = self.owned_menu(ctx, owner.map(|row| (row.restaurant_id,)), "menu option")?;
        let item = item.ok_or(Error::NotFound("menu option"))?;
        self.set_on_sale(ctx, restaurant_id, item, &menus::SET_OPTION_ON_SALE, id.into(), available, until).await
    }

    fn owned_menu(
        &self,
        ctx: &Ctx,
        owner: Option<(RestaurantId,)>,
        noun: &'static str,
    ) -> Result<(RestaurantId,), Error> {
        ctx.reach(Action::MenuWrite)?;
        let owner = owner.ok_or(Error::NotFound(noun))?;
        ctx.may(Action::MenuWrite, &Owners::restaurant(owner.0), noun)?;
        Ok(owner)
    }

    #[expect(clippy::too_many_arguments, reason = "one statement for dishes and options, told apart by the caller")]
    async fn set_on_sale(
        &self,
        ctx: &Ctx,
        restaurant_id: RestaurantId,
        item: MenuItemId,
        statement: &'static store::Statement,
        subject: uuid::Uuid,
        available: bool,
        until: OffUntil,
    ) -> Result<MenuItem, Error> {
        let restaurant = self.restaurant(restaurant_id)?;
        let back = if available { None } else { self.back_at(ctx, &restaurant, until) };
        let tx = Tx::new("set on sale").guard(1, &restaurants::TOUCH_MENU, args![restaurant_id]).guard(
            1,
            statement,
            args![subject, !available, back],
        );
        let event = Event::MenuChanged { restaurant_id, items: Vec::new() };
        self.db.commit(self.tell(ctx, tx, restaurant.city_id, &event)?).await?;
        self.forget_changed_menu(ctx, &restaurant).await;
        let menu = self.load_menu(restaurant_id).await?;
        menu.item(item).cloned().ok_or(Error::NotFound("menu item"))
    }

    fn back_at(&self, ctx: &Ctx, restaurant: &Entry, until: OffUntil) -> Option<i64> {
        match until {
            OffUntil::Changed => None,
            OffUntil::FourHours => Some(ctx.now_us() + 4 * 3_600_000_000),
            OffUntil::Today => {
                let places = self.places();
                let zone = places.city(restaurant.city_id)?.zone.clone();
                let tomorrow = ctx.now.to_zoned(zone.clone()).date().tomorrow().ok()?;
                Some(tomorrow.to_zoned(zone).ok()?.timestamp().as_microsecond())
            }
        }
    }
}

/// Adds the rows of a menu to a transaction.
pub(crate) fn insert_sections(
    mut tx: Tx,
    city: CityId,
    restaurant: RestaurantId,
    sections: &[Section],
) -> Result<Tx, Error> {
    for (position, section) in (0_i64..).zip(sections) {
        let name = section.name.as_str();
        tx = tx.run(&menus::INSERT_SECTION, args![section.id, city, restaurant, name, position]);
        for (position, item) in (0_i64..).zip(&section.items) {
            tx = insert_item(tx, city, restaurant, section.id, item, position)?;
        }
    }
    Ok(tx)
}

/// Adds the rows of one dish to a transaction.
pub(crate) fn insert_item(
    mut tx: Tx,
    city: CityId,
    restaurant: RestaurantId,
    section: SectionId,
    item: &MenuItem,
    position: i64,
) -> Result<Tx, Error> {
    let allergens = json(&item.allergens)?;
    tx = tx.run(
        &menus::INSERT_ITEM,
        args![
            item.id,
            city,
            restaurant,
            section,
            item.name.as_str(),
            item.description.as_deref(),
            item.price.0,
            item.packing.0,
            item.veg_mark.as_str(),
            allergens,
            item.popular,
            item.on_sale.stock_left,
            position,
        ],
    );
    for (position, group) in (0_i64..).zip(&item.option_groups) {
        let (kind, name) = (group.kind.as_str(), group.name.as_str());
        tx = tx.run(
            &menus::INSERT_GROUP,
            args![group.id, city, restaurant, item.id, name, kind, group.min, group.max, position],
        );
        for (position, option) in (0_i64..).zip(&group.options) {
            let (name, mark) = (option.name.as_str(), option.veg_mark.as_str());
            tx = tx.run(
                &menus::INSERT_OPTION,
                args![option.id, city, restaurant, group.id, name, option.price.0, mark, position],
            );
        }
    }
    Ok(tx)
}

fn assemble(
    restaurant_id: RestaurantId,
    version: i64,
    sections: Vec<menus::SectionRow>,
    items: Vec<menus::ItemRow>,
    groups: Vec<menus::GroupRow>,
    options: Vec<menus::OptionRow>,
) -> Result<Menu, Error> {
    let mut by_group = by_owner(options.into_iter().map(|row| Ok((row.group_id, option(row)?))))?;
    let mut by_item = by_owner(groups.into_iter().map(|row| {
        let options = by_group.remove(&row.id).unwrap_or_default();
        Ok((row.item_id, group(row, options)?))
    }))?;
    let mut by_section = by_owner(items.into_iter().map(|row| {
        let groups = by_item.remove(&row.id).unwrap_or_default();
        Ok((row.section_id, item(row, groups)?))
    }))?;
    let filled = sections.into_iter().filter_map(|row| {
        let items = by_section.remove(&row.id)?;
        Some(Section { id: row.id, name: row.name, items })
    });
    Ok(Menu { restaurant_id, version, sections: filled.collect() })
}

fn by_owner<K: std::hash::Hash + Eq, V>(
    rows: impl Iterator<Item = Result<(K, V), Error>>,
) -> Result<std::collections::HashMap<K, Vec<V>>, Error> {
    let mut lists = std::collections::HashMap::<K, Vec<V>>::new();
    for row in rows {
        let (owner, value) = row?;
        lists.entry(owner).or_default().push(value);
    }
    Ok(lists)
}

fn item(row: menus::ItemRow, option_groups: Vec<OptionGroup>) -> Result<MenuItem, Error> {
    Ok(MenuItem {
        id: row.id,
        name: row.name,
        description: row.description,
        price: Paise(row.price_paise),
        packing: Paise(row.packing_paise),
        veg_mark: veg_mark(&row.veg_mark)?,
        allergens: serde_json::from_str(&row.allergens).map_err(|error| Error::Internal(error.to_string()))?,
        on_sale: OnSale { off: row.sold_out, off_until: row.sold_out_until.map(moment), stock_left: row.stock_left },
        popular: row.popular,
        option_groups,
    })
}

fn group(row: menus::GroupRow, options: Vec<MenuOption>) -> Result<OptionGroup, Error> {
    let kind = GroupKind::parse(&row.kind).ok_or_else(|| Error::Internal(format!("group kind {}", row.kind)))?;
    let id: OptionGroupId = row.id;
    Ok(OptionGroup { id, name: row.name, kind, min: row.min, max: row.max, options })
}

fn option(row: menus::OptionRow) -> Result<MenuOption, Error> {
    let on_sale = OnSale { off: row.sold_out, off_until: row.sold_out_until.map(moment), stock_left: None };
    let veg_mark = veg_mark(&row.veg_mark)?;
    Ok(MenuOption { id: row.id, name: row.name, price: Paise(row.price_paise), veg_mark, on_sale })
}

/// Reads a stored mark.
pub(crate) fn veg_mark(text: &str) -> Result<VegMark, Error> {
    VegMark::parse(text).ok_or_else(|| Error::Internal(format!("veg mark {text}")))
}
