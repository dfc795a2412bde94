/**
 * Lines that a telephone or a program adds to a text, such as "Sent from my iPhone". The trap: people write about the same things, so only
 * a line in which every word is one of such lines is surely one.
 */
import { plain, SENT_WITH } from './languages.ts';

const LONGEST = 320;

const words = (text: string): ReadonlySet<string> => new Set(text.split(/[\s|]+/).map(plain));

/** What was done: one of these begins or ends the line. */
const SENT = words(
  `sent gesendet envoyé enviado enviada inviato inviata verzonden verstuurd wysłano wysłane wysłana wysłany skickat sendt lähetetty trimis отправлено
  надіслано odesláno odoslané odoslano poslano gönderildi küldve elküldve`,
);
/** In these languages the name's ending says what it was sent from. */
const WITHOUT_FROM = words('gönderildi lähetetty');

const FROM = words('from von de depuis desde do da dal dall vanaf vanuit z ze fra från din с из з із');
const WITH = words('with using via mit über avec con por pelo tramite met za med cu през');

const MY = words(
  `my meinem meiner meinem/meiner mon ma mi mio mia meu minha mijn mojego mojej min mitt minun meu моего моей мого mého můj môjho`,
);

/** Anybody may write of a telephone; one's own is told in such a line. */
const DEVICES = words(
  `smartphone handy phone telefon telefoon mobiltelefon mobil mobile tablet téléphone teléfono telefono telemóvel móvil celular telefonu device cell`,
);

const NAMES = words(
  `iphone ipad ipod android galaxy samsung huawei xiaomi redmi pixel oneplus nokia lumia motorola moto xperia sony blackberry htc lg oppo vivo honor fairphone nexus
  outlook yahoo mail.ru proton protonmail gmx web.de fastmail spark bluemail aquamail k-9 tutanota canary zoho telefonumdan puhelimesta`,
);

/** May stand beside a name: `Yahoo Mail on Android`, `Proton Mail secure email`, `Outlook for iOS`. */
const BESIDE = words(
  `mail email e-mail app ios secure secured for on für pour para per voor dla för til till l' un une der la le il 5g 4g pro max plus mini ultra lite note edge se
  unterwegs`,
);

const isModel = (word: string): boolean => /^[a-z]{0,2}\d{1,3}[a-z]{0,2}$/.test(word);

/** A name may have an ending in languages that decline it. */
const isName = (word: string): boolean => NAMES.has(word) || /^(?:iphone|ipad|android|galaxy)\p{L}{0,5}$/u.test(word);

const IN_ONE_WORD =
  /^(?:(?:我的|私の)?(?:iphone|ipad|android|galaxy|outlook for (?:ios|android)) ?から送信|(?:나의|내)? ?(?:iphone|ipad|android|galaxy)에서 (?:보냄|전송)|(?:发自|從|從我的|发自我的|發自我的) ?(?:iphone|ipad|android|galaxy)(?: ?傳送)?)$/u;

const OUTLOOK =
  /^(?:(?:get|download|obtenez|obtener|telecharger|telechargez|scarica|holen sie sich|laden sie|ontvang|baixe|obtenha|obter|hamta|hent|pobierz|descargar|skaffa|fa|hanki) )?outlook (?:fur|for|pour|para|per|voor|dla|till|til) (?:ios|android)(?: (?:herunterladen|downloaden|beziehen))?$/;

const WINDOWS_MAIL = /^sent from mail for windows(?: 1[01])?$/;

const simpleFormOf = (line: string): string =>
  line.length > LONGEST
    ? ''
    : plain(line)
        .replaceAll(/<[^<>]{0,300}>|\[[^[\]]{0,300}\]/g, '')
        .replaceAll(/^[\s*_]+|[\s*_.。]+$/g, '')
        .replaceAll(/\s+/g, ' ');

const isKnown = (word: string): boolean =>
  [SENT, FROM, WITH, MY, DEVICES, BESIDE].some((known) => known.has(word)) || isName(word) || isModel(word);

/** Whether words say of something that it was sent from where they name, and nothing else. */
const saySentWith = (all: readonly string[]): boolean => {
  const verb = [all[0], all.at(-1)].find((word) => word !== undefined && SENT.has(word));
  if (verb === undefined || !all.every(isKnown)) return false;
  const has = (some: ReadonlySet<string>): boolean => all.some((word) => some.has(word));
  const isFrom = has(FROM) || WITHOUT_FROM.has(verb);
  // No line of its own begins so, and people do send with it.
  const isWith = has(WITH) && !all.includes('outlook');
  return (isFrom || isWith) && (all.some(isName) || (has(DEVICES) && has(MY)));
};

/** Whether a line is surely one that a telephone or a program added. */
export const isSurelySentWith = (line: string): boolean => {
  const simple = simpleFormOf(line);
  if (OUTLOOK.test(simple) || IN_ONE_WORD.test(simple) || WINDOWS_MAIL.test(simple)) return true;
  return saySentWith(simple.split(' ').map((word) => word.replace(/[,']\p{L}*$/u, '')));
};

/** Whether a line may be such a one. */
export const maybeSentWith = (line: string): boolean => {
  const simple = simpleFormOf(line);
  return isSurelySentWith(line) || (simple !== '' && SENT_WITH.some((pattern) => pattern.test(simple)));
};
