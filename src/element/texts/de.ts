import { nameKind, plural, type Texts, textOf } from './texts.js';

const REASONS = {
  signed_out: 'Auf dem Gerät selbst abgemeldet.',
  revoked: 'In der Geräteliste abgemeldet.',
  revoked_all: 'Mit allen Geräten abgemeldet.',
  replaced: 'Auf demselben Gerät neu angemeldet.',
  evicted: 'Durch ein neueres Gerät ersetzt.',
  reuse_detected:
    'Jemand hat eine alte Kopie dieser Anmeldung benutzt, deshalb haben wir sie beendet. Waren Sie das nicht, ändern Sie bitte Ihr Passwort.',
  credentials_changed: 'Das Passwort wurde geändert.',
  user_disabled: 'Das Konto wurde gesperrt.',
  expired: 'Die längste Dauer war erreicht.',
  idle: 'Zu lange nicht benutzt.',
};

const ERRORS = {
  offline: 'Es besteht keine Verbindung. Versuchen Sie es erneut, sobald sie wieder da ist.',
  unavailable: 'Der Server kann gerade nicht antworten. Versuchen Sie es gleich erneut.',
  invalid_request: 'Dieser Name ist nicht möglich. Versuchen Sie einen anderen.',
  '': 'Das hat nicht geklappt. Versuchen Sie es erneut.',
};

/** German. */
export const de: Texts = {
  heading: 'Ihre Geräte',
  lead: (devices) =>
    plural(
      devices,
      'Sie sind nur auf diesem Gerät angemeldet.',
      `Sie sind auf ${devices} Geräten angemeldet. Melden Sie Geräte ab, die Sie nicht kennen.`,
    ),
  loading: 'Ihre Geräte werden geladen …',
  current: 'Dieses Gerät',
  kind: (browser, os) => nameKind(browser, os, `${browser} unter ${os}`, 'Unbekanntes Gerät'),
  suspected: 'Abwechselnd von zwei Orten benutzt. Sind Sie nur einer davon, melden Sie dieses Gerät ab.',
  address: (ip) => `IP ${ip}`,
  activeNow: 'Jetzt aktiv',
  active: (ago) => `Zuletzt aktiv ${ago}`,
  since: (when) => `Angemeldet seit ${when}`,
  justNow: 'gerade eben',

  rename: (name) => `${name} umbenennen`,
  newName: 'Name des Geräts',
  save: 'Speichern',
  cancel: 'Abbrechen',

  signOut: 'Abmelden',
  signOutDevice: (name) => `${name} abmelden`,
  signOutOthers: (devices) => plural(devices, 'Das andere Gerät abmelden', `Alle anderen Geräte abmelden (${devices})`),
  signOutAll: 'Überall abmelden',

  askDevice: (name) => `${name} abmelden?`,
  askDeviceText: 'Wer es benutzt, muss sich neu anmelden.',
  askCurrentText: 'Sie müssen sich auf diesem Gerät neu anmelden.',
  askOthers: (devices) => plural(devices, 'Das andere Gerät abmelden?', `${devices} andere Geräte abmelden?`),
  askOthersText: 'Sie müssen sich dort neu anmelden. Auf diesem Gerät bleiben Sie angemeldet.',
  askAll: 'Überall abmelden?',
  askAllText: (devices) => `Sie müssen sich auf allen ${devices} Geräten neu anmelden, auch auf diesem.`,

  signedOutDevice: (name) => `${name} ist abgemeldet.`,
  signedOutOthers: (devices) =>
    plural(devices, 'Das andere Gerät ist abgemeldet.', `${devices} andere Geräte sind abgemeldet.`),
  signedInDevice: (name) => `Neue Anmeldung: ${name}.`,

  showMore: 'Mehr',

  endedHeading: 'Kürzlich beendet',
  showAll: (devices) => `Alle anzeigen (${devices})`,
  showFewer: 'Weniger anzeigen',
  reason: (reason) => textOf(REASONS, reason),

  offline: (time) => `Stand von ${time}. Er wird aktualisiert, sobald die Verbindung wieder da ist.`,
  failed: 'Ihre Geräte konnten nicht geladen werden.',
  retry: 'Erneut versuchen',
  signedOut: 'Sie sind auf diesem Gerät abgemeldet.',
  signInAgain: 'Melden Sie sich neu an, um Ihre Geräte zu sehen.',
  error: (code, wait) =>
    code === 'too_many_requests'
      ? `Zu viele Versuche. Versuchen Sie es ${wait || 'später'} erneut.`
      : textOf(ERRORS, code),
};
