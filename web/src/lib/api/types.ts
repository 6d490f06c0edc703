// Names for the shapes of the API. The shapes are the server's: schema.d.ts is written by scripts/api-types
// from the server's OpenAPI document. What stands here besides names says why the document cannot say it.
// Ids are UUID strings, times RFC 3339 in UTC, money whole paise, distances metres, durations seconds.

import type { components } from './schema';

type Schemas = components['schemas'];

/** A page of any list; the document has one such type for each kind of thing. */
export type Page<T> = Omit<Schemas['List_OrderResponse'], 'items'> & { items: T[] };
export type Point = Schemas['Coordinates'];
export type LatLng = Pick<Schemas['CityResponse'], 'lat' | 'lng'>;

// Who is asking

export type Role = Schemas['Role'];
export type User = Schemas['UserResponse'];
export type Tokens = Schemas['SessionResponse'];

/** Not in the document: the address is there in a demo only. */
export type DemoLogin = Schemas['LoginRequest'] & { role: Role };

// Places

export type City = Schemas['CityResponse'];
export type CityMapAnswer = Schemas['MapResponse'];
/** The layers of a city's map, all of them empty where there is none. */
export type CityMapData = Omit<Schemas['DrawnMapResponse'], 'source' | 'bounds'> & {
  source: CityMapAnswer['source'];
  bounds: Schemas['BoundsResponse'] | null;
};
export type Serviceability = Schemas['ServiceabilityResponse'];

// Restaurants and menus

export type VegMark = Schemas['VegMark'];
export type Restaurant = Schemas['RestaurantResponse'];
export type RestaurantDetail = Schemas['RestaurantDetailResponse'];
export type OpeningHours = Schemas['HoursWire'];
export type MenuOption = Schemas['OptionResponse'];
export type OptionGroup = Schemas['GroupResponse'];
export type MenuItem = Schemas['MenuItemResponse'];
export type MenuSection = Schemas['SectionResponse'];
export type Menu = Schemas['MenuResponse'];
export type AvailabilityUntil = Schemas['AvailabilityUntil'];

// Customers

export type Customer = Schemas['CustomerResponse'];
/** A saved address. The same schema says where an order goes, which need not be saved. */
export type Address = Schemas['AddressResponse'] & { id: string };
export type NewAddress = Schemas['AddAddressRequest'];
export type OrderAddress = Schemas['AddressResponse'];

export type Preferences = Schemas['PreferencesResponse'];
export type PreferencesChange = Schemas['PutPreferencesRequest'];
export type Language = Schemas['Language'];
export type Cart = Schemas['CartResponse'];
export type CartLine = Schemas['CartLineResponse'];

// Quotes and orders

export type QuoteRequest = Schemas['QuoteRequest'];
export type QuoteRequestLine = Schemas['QuoteLineRequest'];
export type Quote = Schemas['QuoteResponse'];
export type QuoteChange = Schemas['ChangeResponse'];
export type OrderLine = Schemas['LineResponse'];
export type Tax = Schemas['TaxResponse'];
/** What a bill is made of: a quote and an order both carry it. */
export type BillData = Pick<Quote, 'lines' | 'charges' | 'taxes' | 'tip_paise' | 'discounts' | 'total_paise'>;
export type Order = Schemas['OrderResponse'];
export type OrderStatus = Schemas['OrderStatus'];
export type PlacedOrder = Schemas['PlacedOrderResponse'];
export type StatusUpdate = Schemas['MoveOrderRequest'];
export type PaymentMethod = Schemas['PaymentMethod'];
export type Actor = Schemas['Actor'];
export type EtaReason = Schemas['EtaReason'];
export type Candidate = Schemas['CandidateResponse'];
export type Candidates = Schemas['CandidatesResponse'];
export type Decision = Schemas['DecisionResponse'];
export type Decisions = Schemas['DecisionsResponse'];
export type OrderRoute = Schemas['RouteResponse'];
export type RouteLeg = Schemas['LegResponse'];
export type TrackingLink = Schemas['TrackingLinkResponse'];
export type SharedOrder = Schemas['SharedOrderResponse'];
export type SharedPosition = Schemas['SharedPositionResponse'];
export type Review = Schemas['ReviewResponse'];

// Couriers and offers

export type Vehicle = Schemas['Vehicle'];
export type CourierState = Schemas['CourierState'];
export type Courier = Schemas['CourierResponse'];
export type Fix = Schemas['FixRequest'];
export type FixesAccepted = Schemas['ReportedResponse'];
export type RefusedFix = Schemas['RefusedFixResponse'];
export type OnOffer = Schemas['OnOfferResponse'];
export type Offer = Schemas['OfferResponse'];
export type Acceptance = Schemas['AcceptanceResponse'];
export type Demand = Schemas['DemandResponse'];
export type Application = Schemas['ApplicationResponse'];
export type ApplicationState = Schemas['ApplicationState'];
export type ApplyRequest = Schemas['ApplyRequest'];
export type CourierDocument = Schemas['DocumentResponse'];
export type DocumentKind = Schemas['DocumentKind'];
export type NewDocument = Schemas['NewDocumentRequest'];
export type Papers = Schemas['PapersResponse'];
export type Shift = Schemas['ShiftResponse'];
export type Earnings = Schemas['EarningsResponse'];

// Operations

export type ExceptionKind = Schemas['ExceptionKind'];
export type Reassigned = Schemas['ReassignedResponse'];
export type Zone = Schemas['ZoneResponse'];
export type LiveBoard = Schemas['LiveOrdersResponse'];
export type LiveException = Schemas['ExceptionResponse'];
export type LiveOrder = Schemas['LiveOrderResponse'];
export type PopularItems = Schemas['PopularItemsResponse'];
export type RevenueAnalytics = Schemas['RevenueResponse'];
export type EtaCalibration = Schemas['CalibrationResponse'];
export type Fit = Schemas['FitResponse'];
export type CityWeather = Schemas['WeatherResponse'];
export type Weather = Schemas['Weather'];

// The cache

export type CacheNamespace = Schemas['CacheNamespace'];
export type CacheStats = Schemas['DetailedStatsResponse'];
export type CacheFigures = Schemas['DetailedNamespaceResponse'];
export type CacheMinute = Schemas['MinuteResponse'];
export type CacheHealth = Schemas['CacheHealthDetailedResponse'];
export type CacheMemory = Schemas['MemoryUsageResponse'];
export type CacheReport = Schemas['PerformanceReportResponse'];
export type CacheAdvice = Schemas['AdviceResponse'];
export type CachePolicy = Schemas['NamespacePolicyResponse'];
export type CachePolicyChange = Schemas['ChangePolicyRequest'];
export type CacheKey = Schemas['KeyResponse'];
export type CacheKeys = Schemas['KeysResponse'];
export type CacheValue = Schemas['ValueResponse'];
export type CacheCleared = Schemas['ClearedResponse'];
export type CacheClear = Schemas['ClearResponse'];
export type Invalidation = Schemas['InvalidationResponse'];
export type Invalidations = Schemas['InvalidationsResponse'];
export type WarmingJob = Schemas['JobResponse'];

// Live events: thin, the resource is read again

export type OrderEvent = Schemas['OrderEvent'];
export type OfferEvent = Schemas['OfferEvent'];
export type CourierEvent = Schemas['PositionEvent'];
export type CourierChangedEvent = Schemas['ShiftEvent'];
export type PositionEvent = Schemas['PositionEvent'];
export type ArrivalEvent = Schemas['ArrivalEvent'];
export type RestaurantEvent = Schemas['RestaurantEvent'];
