//! Single dishes: added, changed, taken off, without sending the whole menu.
//!
//! Every change says which menu it was decided upon; if that is not the newest any more, nothing happens. Ids of choices
//! that stay are kept, so that carts on the way still fit.

pub(in crate::menus) mod check;

use domain::{
    event::Event,
    id::{MenuItemId, RestaurantId, SectionId},
    menu::{Menu, MenuItem, OptionGroup, VegMark},
    money::Paise,
    permission::{Action, Owners},
    rule::Rule,
};
use store::{Tx, args, menus, restaurants};

use crate::{App, context::Ctx, error::Error, input, restaurants::directory::Entry, stored::json};

use super::insert_item;

/// Pieces of a dish that are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stock {
    /// As it is: orders may be taking pieces right now.
    Keep,
    /// Nobody counts.
    Uncounted,
    /// So many.
    Left(i64),
}

/// What is said of a dish.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemFields {
    /// The heading it stands under, which is made if there is none of this name.
    pub section: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Price of one without options.
    pub price: Paise,
    /// Packing charge of one.
    pub packing: Paise,
    /// The mark beside it.
    pub veg_mark: VegMark,
    /// Allergens.
    pub allergens: Vec<String>,
    /// Ordered often.
    pub popular: bool,
    /// Pieces left.
    pub stock: Stock,
    /// Choices; `None` leaves them as they are.
    pub option_groups: Option<Vec<OptionGroup>>,
}

/// A dish and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemView {
    /// Whose.
    pub restaurant_id: RestaurantId,
    /// Of which menu: a change names it.
    pub menu_version: i64,
    /// Under which heading.
    pub section_id: SectionId,
    /// The heading.
    pub section: String,
    /// The dish.
    pub item: MenuItem,
}

impl App {
    /// All dishes of a restaurant, in order of display.
    pub async fn menu_items(&self, restaurant: RestaurantId) -> Result<Vec<ItemView>, Error> {
        let menu = self.menu(restaurant).await?;
        let all = menu.sections.iter().flat_map(|section| section.items.iter().map(|item| item.id));
        Ok(all.filter_map(|id| find(&menu, id)).collect())
    }

    /// One dish.
    pub async fn menu_item(&self, id: MenuItemId) -> Result<ItemView, Error> {
        let owner: Option<(RestaurantId,)> = self.db.optional(&menus::FIND_ITEM_RESTAURANT, args![id]).await?;
        let (restaurant,) = owner.ok_or(Error::NotFound("menu item"))?;
        if let Some(view) = find(&*self.menu(restaurant).await?, id) {
            return Ok(view);
        }
        find(&*self.load_menu(restaurant).await?, id).ok_or(Error::NotFound("menu item"))
    }

    /// Adds a dish at the end of its section.
    pub async fn add_menu_item(
        &self,
        ctx: &Ctx,
        restaurant: RestaurantId,
        fields: &ItemFields,
    ) -> Result<ItemView, Error> {
        ctx.may(Action::MenuWrite, &Owners::restaurant(restaurant), "restaurant")?;
        let entry = self.restaurant(restaurant)?;
        let menu = self.load_menu(restaurant).await?;
        let item = check::item(ctx.id(), fields, None, entry.veg_mark)?;
        let tx = Tx::new("add menu item").guard(1, &restaurants::TOUCH_MENU_FROM, args![restaurant, menu.version]);
        let (tx, section) = self.put_section(ctx, tx, &entry, &menu, &fields.section).await?;
        let (position,) = self.db.one::<(i64,)>(&menus::NEXT_ITEM_POSITION, args![section]).await?;
        let tx = insert_item(tx, entry.city_id, restaurant, section, &item, position)?;
        self.commit_menu(ctx, tx, &entry).await?;
        self.menu_item(item.id).await
    }

    /// Changes a dish, if the menu is still the one of `menu_version`.
    pub async fn update_menu_item(
        &self,
        ctx: &Ctx,
        id: MenuItemId,
        menu_version: i64,
        fields: &ItemFields,
    ) -> Result<ItemView, Error> {
        let (entry, menu) = self.own_menu_of(ctx, id).await?;
        if menu.version != menu_version {
            return Err(Rule::VersionConflict.broken().with("version", menu.version).into());
        }
        let before = find(&menu, id).ok_or(Error::NotFound("menu item"))?;
        let item = check::item(id, fields, Some(&before.item), entry.veg_mark)?;
        let allergens = json(&item.allergens)?;
        let tx = Tx::new("update menu item").guard(1, &restaurants::TOUCH_MENU_FROM, args![entry.id, menu.version]);
        let (mut tx, section) = self.put_section(ctx, tx, &entry, &menu, &fields.section).await?;
        tx = tx.guard(
            1,
            &menus::UPDATE_ITEM,
            args![
                id,
                item.name.as_str(),
                item.description.as_deref(),
                item.price.0,
                item.packing.0,
                item.veg_mark.as_str(),
                allergens,
                item.popular,
            ],
        );
        if section != before.section_id {
            let (position,) = self.db.one::<(i64,)>(&menus::NEXT_ITEM_POSITION, args![section]).await?;
            tx = tx.run(&menus::MOVE_ITEM, args![id, section, position]);
        }
        tx = match fields.stock {
            Stock::Keep => tx,
            Stock::Uncounted => tx.run(&menus::SET_STOCK, args![id, None::<i64>]),
            Stock::Left(pieces) => tx.run(&menus::SET_STOCK, args![id, pieces]),
        };
        if item.option_groups != before.item.option_groups {
            tx = replace_groups(tx, &entry, &item);
        }
        self.commit_menu(ctx, tx, &entry).await?;
        self.menu_item(id).await
    }

    /// Takes a dish off the menu.
    pub async fn delete_menu_item(&self, ctx: &Ctx, id: MenuItemId) -> Result<(), Error> {
        let (entry, _) = self.own_menu_of(ctx, id).await?;
        let tx = Tx::new("delete menu item").guard(1, &restaurants::TOUCH_MENU, args![entry.id]).guard(
            1,
            &menus::DELETE_ITEM,
            args![id, ctx.now_us()],
        );
        self.commit_menu(ctx, tx, &entry).await
    }

    /// The newest menu that has a dish, and its restaurant, if the actor may change it.
    async fn own_menu_of(
        &self,
        ctx: &Ctx,
        id: MenuItemId,
    ) -> Result<(std::sync::Arc<Entry>, std::sync::Arc<Menu>), Error> {
        let owner: Option<(RestaurantId,)> = self.db.optional(&menus::FIND_ITEM_RESTAURANT, args![id]).await?;
        let (restaurant,) = self.owned_menu(ctx, owner, "menu item")?;
        Ok((self.restaurant(restaurant)?, self.load_menu(restaurant).await?))
    }

    /// The section of a name: one that is shown, else the newest without dishes, else a new one at the end.
    async fn put_section(
        &self,
        ctx: &Ctx,
        tx: Tx,
        entry: &Entry,
        menu: &Menu,
        name: &str,
    ) -> Result<(Tx, SectionId), Error> {
        let name = input::required("/section", name, 80)?;
        let named = |other: &str| other.trim().to_lowercase() == name.to_lowercase();
        if let Some(shown) = menu.sections.iter().find(|section| named(&section.name)) {
            return Ok((tx, shown.id));
        }
        let all: Vec<menus::SectionRow> = self.db.all(&menus::LIST_SECTIONS, args![entry.id]).await?;
        if let Some(empty) = all.iter().filter(|section| named(&section.name)).max_by_key(|section| section.id) {
            return Ok((tx, empty.id));
        }
        let (position,) = self.db.one::<(i64,)>(&menus::NEXT_SECTION_POSITION, args![entry.id]).await?;
        let id: SectionId = ctx.id();
        Ok((tx.run(&menus::INSERT_SECTION, args![id, entry.city_id, entry.id, name, position]), id))
    }

    async fn commit_menu(&self, ctx: &Ctx, tx: Tx, entry: &Entry) -> Result<(), Error> {
        let tx =
            self.tell(ctx, tx, entry.city_id, &Event::MenuChanged { restaurant_id: entry.id, items: Vec::new() })?;
        self.db.commit(tx).await?;
        self.forget_changed_menu(ctx, entry).await;
        Ok(())
    }
}

/// A dish of a menu and where it stands.
fn find(menu: &Menu, id: MenuItemId) -> Option<ItemView> {
    menu.sections.iter().find_map(|section| {
        let item = section.items.iter().find(|item| item.id == id)?;
        Some(ItemView {
            restaurant_id: menu.restaurant_id,
            menu_version: menu.version,
            section_id: section.id,
            section: section.name.clone(),
            item: item.clone(),
        })
    })
}

/// Writes the choices of a dish anew; what is off sale stays off.
fn replace_groups(mut tx: Tx, entry: &Entry, item: &MenuItem) -> Tx {
    tx = tx.run(&menus::DELETE_OPTIONS, args![item.id]).run(&menus::DELETE_GROUPS, args![item.id]);
    for (position, group) in (0_i64..).zip(&item.option_groups) {
        let (kind, name) = (group.kind.as_str(), group.name.as_str());
        tx = tx.run(
            &menus::INSERT_GROUP,
            args![group.id, entry.city_id, entry.id, item.id, name, kind, group.min, group.max, position],
        );
        for (position, option) in (0_i64..).zip(&group.options) {
            let (name, mark) = (option.name.as_str(), option.veg_mark.as_str());
            tx = tx.run(
                &menus::INSERT_OPTION,
                args![option.id, entry.city_id, entry.id, group.id, name, option.price.0, mark, position],
            );
            if option.on_sale.off {
                let back = option.on_sale.off_until.map(jiff::Timestamp::as_microsecond);
                tx = tx.run(&menus::SET_OPTION_ON_SALE, args![option.id, true, back]);
            }
        }
    }
    tx
}
