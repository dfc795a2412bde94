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

const BETWEEN = words(
  `from via using with by my the a for on von mit aus über meinem meiner meinem/meiner unterwegs für de depuis mon ma partir à avec l un une desde con por mi do da pelo
  meu minha no dal dalla mio mia tramite il vanaf met vanuit mijn voor z za pomocą mojego mojej min mitt från med fra minun laitteesta din cu meu с из моего моей через
  мого з із ze zo mého můj môjho secure secured device mobile new 5g 4g pro max plus mini ultra lite note edge air se`,
);

const DEVICES = words(
  `iphone ipad ipod android galaxy samsung huawei xiaomi redmi pixel oneplus nokia lumia motorola moto xperia sony blackberry htc lg oppo vivo honor fairphone nexus
  smartphone handy phone telefon telefoon mobiltelefon mobil mobile tablet tableta téléphone teléfono telefono telemóvel móvil celular telefonu telefonum puhelimesta
  outlook yahoo mail.ru proton protonmail thunderbird gmx web.de gmail fastmail spark airmail bluemail aquamail k-9 tutanota canary zoho`,
);

/** May follow what it was sent with: `Yahoo Mail on Android`, `Mail for Windows 10`. */
const PRODUCT = words('mail email e-mail app ios windows mac suite desktop');

const isModel = (word: string): boolean => /^[a-z]{0,2}\d{1,3}[a-z]{0,2}$/.test(word);

/** A device may have an ending in languages that decline its name. */
const isDevice = (word: string): boolean =>
  DEVICES.has(word) || /^(?:iphone|ipad|android|galaxy)\p{L}{0,5}$/u.test(word);

const IN_ONE_WORD =
  /^(?:(?:我的|私の)?(?:iphone|ipad|android|galaxy|outlook for (?:ios|android)) ?から送信|(?:나의|내)? ?(?:iphone|ipad|android|galaxy)에서 (?:보냄|전송)|(?:发自|從|從我的|发自我的|發自我的) ?(?:iphone|ipad|android|galaxy)(?: ?傳送)?)$/u;

const OUTLOOK =
  /^(?:(?:get|download|obtenez|obtener|telecharger|telechargez|scarica|holen sie sich|laden sie|ontvang|baixe|obtenha|obter|hamta|hent|pobierz|descargar|skaffa|fa|hanki) )?outlook (?:fur|for|pour|para|per|voor|dla|till|til) (?:ios|android)(?: (?:herunterladen|downloaden|beziehen))?$/;

const simpleFormOf = (line: string): string =>
  line.length > LONGEST
    ? ''
    : plain(line)
        .replaceAll(/<[^<>]{0,300}>|\[[^[\]]{0,300}\]/g, '')
        .replaceAll(/^[\s*_]+|[\s*_.。]+$/g, '')
        .replaceAll(/\s+/g, ' ');

/** Whether a line is surely one that a telephone or a program added. */
export const isSurelySentWith = (line: string): boolean => {
  const simple = simpleFormOf(line);
  if (OUTLOOK.test(simple) || IN_ONE_WORD.test(simple)) return true;
  const all = simple.split(' ').map((word) => word.replace(/[,']\p{L}*$/u, ''));
  if (!SENT.has(all[0] ?? '') && !SENT.has(all.at(-1) ?? '')) return false;
  const names = all.filter((word) => isDevice(word) || PRODUCT.has(word));
  const known = (word: string): boolean =>
    SENT.has(word) || BETWEEN.has(word) || isDevice(word) || PRODUCT.has(word) || isModel(word);
  return names.length > 0 && all.every(known);
};

/** Whether a line may be such a one. */
export const maybeSentWith = (line: string): boolean => {
  const simple = simpleFormOf(line);
  return isSurelySentWith(line) || (simple !== '' && SENT_WITH.some((pattern) => pattern.test(simple)));
};
