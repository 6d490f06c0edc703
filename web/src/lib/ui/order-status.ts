// How each order status looks everywhere: its tone and icon. The word comes from the common texts.

import type { OrderStatus } from '$lib/api/types';
import { t } from '$lib/i18n/common';
import type { IconName } from './icon-names';

interface Look {
  tone: 'off' | 'info' | 'ok' | 'wait' | 'late';
  icon: IconName;
}

const LOOKS: Record<OrderStatus, Look> = {
  placed: { tone: 'wait', icon: 'hourglass' },
  accepted: { tone: 'info', icon: 'check' },
  preparing: { tone: 'info', icon: 'pot' },
  ready: { tone: 'info', icon: 'bag' },
  picked_up: { tone: 'info', icon: 'scooter' },
  delivered: { tone: 'ok', icon: 'check' },
  rejected: { tone: 'late', icon: 'x' },
  cancelled: { tone: 'off', icon: 'x' },
  failed: { tone: 'late', icon: 'alert' },
};

/** Tone, icon and word of a status, for StatusChip. */
export function orderStatus(status: OrderStatus): Look & { word: string } {
  return { ...LOOKS[status], word: t(`status.${status}`) };
}

/** Whether an order with this status is still on its way. */
export function isOpen(status: OrderStatus): boolean {
  return !['delivered', 'rejected', 'cancelled', 'failed'].includes(status);
}
