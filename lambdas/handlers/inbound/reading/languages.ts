/** The words that mail programs write around a text, in the languages that they speak. Data, and the helpers that compare it. */

/** Letters without their accents and in lower case: what people and programs leave out differs. */
export const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[’‘`´]/g, "'");

const words = (text: string): readonly string[] => text.split('|').map((one) => plain(one.trim()));

/** Ends of the line above a quote: "… wrote:". */
export const WROTE = words(
  `wrote|writes|schrieb|geschrieben|écrit|escribió|scritto|escreveu|schreef|geschreven|pisze|napisał|napisał(a)|napisała|skrev|
  kirjoitti|a scris|пишет|писал|писала|написал|написала|написав|написала|пише|написа|napsal|napsal(a)|napísal|írta|yazdı|şunu yazdı|
  έγραψε|写道|寫道|寫入|のメッセージ|書きました|作成|작성|님이 작성|כתב|كتب|đã viết|menulis|je napisao|je napisal|rakstīja|rašė|kirjutas|
  va escriure|εγραψε`,
);

/** How the line above a quote begins, where it is broken into several. */
export const ATTRIBUTION_STARTS = words(
  `on|am|le|el|il|em|op|w dniu|dnia|den|dne|dňa|på|la|în|pe|la data|il giorno|in data|в|у|на|στις|a(z)|tarihinde|vào|pada|dana|v|
  ma|ti|ke|to|pe|la|su|mån|tis|ons|tors|fre|lör|sön|man|tir|tor|lør|søn|lun|mar|mer|jeu|ven|sam|dim`,
);

/** The labels of the headers that a program copies above a quoted mail. */
export const HEADER_LABELS = {
  from: words(
    `from|von|de|da|van|från|fra|lähettäjä|od|от|від|kimden|gönderen|feladó|expeditor|发件人|發件人|寄件者|差出人|送信者|보낸 사람|보낸사람|από|מאת|من|från|nadawca|expéditeur|remitente|mittente|remetente|afzender|absender|від кого|saatja|siuntėjas|no|pošiljatelj`,
  ),
  sent: words(
    `sent|date|gesendet|datum|envoyé|date d'envoi|enviado|enviado el|fecha|inviato|data|enviada em|enviado em|verzonden|verzonden op|wysłano|wysłane|wysłana|skickat|sendt|dato|lähetetty|päivämäärä|trimis|отправлено|дата|надіслано|gönderildi|gönderilme tarihi|tarih|elküldve|dátum|odesláno|odoslané|发送时间|发送日期|日期|傳送日期|寄件日期|送信日時|日時|送信日|보낸 날짜|날짜|ημερομηνία|στάλθηκε|נשלח|תאריך|تاريخ الإرسال|التاريخ|дата отправки|sent at|päiväys|poslano`,
  ),
  to: words(
    `to|an|à|para|a|aan|till|til|vastaanottaja|do|кому|kime|alıcı|címzett|către|komu|pro|收件人|宛先|받는 사람|받는사람|προς|אל|إلى|destinataire|destinatario|destinatário|empfänger|odbiorca|za`,
  ),
  subject: words(
    `subject|betreff|objet|asunto|oggetto|assunto|onderwerp|temat|ämne|emne|aihe|subiect|тема|konu|tárgy|předmět|predmet|主题|主旨|件名|제목|θέμα|נושא|الموضوع|zadeva|teema|tema`,
  ),
  copy: words(
    `cc|kopie|cópia|copia|kopia|kopi|kopio|kopija|copie|copie à|抄送|副本|참조|копия|копія|bilgi|másolatot kap|κοιν`,
  ),
} as const;

/** The line that some programs put between a text and the mail that it answers. */
export const ORIGINAL_MESSAGE = words(
  `original message|original appointment|reply message|replied message|ursprüngliche nachricht|originalnachricht|ursprünglicher termin|message d'origine|message original|mensaje original|
  messaggio originale|mensagem original|oorspronkelijk bericht|oorspronkelijke bericht|wiadomość oryginalna|oryginalna wiadomość|ursprungligt meddelande|
  originalmeddelande|oprindelig meddelelse|oprindelig besked|opprinnelig melding|alkuperäinen viesti|mesaj original|mesajul original|исходное сообщение|пересылаемое сообщение|
  původní zpráva|pôvodná správa|eredeti üzenet|orijinal mesaj|özgün ileti|原始邮件|原始郵件|邮件原件|元のメッセージ|original-nachricht|원본 메시지|원본 메일|αρχικό μήνυμα`,
);

/** The line above a mail that is passed on whole. */
export const FORWARDED_MESSAGE = words(
  `forwarded message|begin forwarded message|forwarded mail|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|
  message transféré|début du message transféré|début du message réexpédié|message réexpédié|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|
  inizio del messaggio inoltrato|mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|início da mensagem reencaminhada|doorgestuurd bericht|begin doorgestuurd bericht|
  wiadomość przekazana dalej|przekazana wiadomość|początek przekazywanej wiadomości|vidarebefordrat meddelande|vidarebefordrat brev|videresendt meddelelse|
  videresendt melding|edelleenlähetetty viesti|välitetty viesti|välitetty viesti alkaa|mesaj redirecționat|mesaj retransmis|пересылаемое сообщение|перенаправленное сообщение|начало переадресованного сообщения|
  переслане повідомлення|přeposlaná zpráva|preposlaná správa|továbbított üzenet|továbbított levél|iletilen mesaj|yönlendirilmiş ileti|转发的邮件|轉寄郵件|轉寄的郵件|转发邮件信息|転送メッセージ|転送されたメッセージ|전달된 메시지|전달된 메일|
  missatge reenviat|προωθημένο μήνυμα|διαβιβαζόμενο μήνυμα`,
);

/** What stands before the subject of a mail that is passed on, and of one that answers. */
export const FORWARD_PREFIXES = words(
  `fwd|fw|wg|tr|rv|enc|i|doorst|vb|vs:fw|vl|pd|fs|vid|videresendt|továbbítás|i̇lt|ilt|转发|轉寄|転送|전달|пересл|redir|trs|reenv`,
);
export const REPLY_PREFIXES = words(
  `re|aw|antw|antwort|sv|vs|odp|ynt|yan|res|rif|r|ref|回复|回覆|答复|答覆|返信|회신|답장|απ|σχετ|отв|на|bls|atb|yanıt|vá|ad`,
);

/** Last lines that a telephone or a program adds to a text; compared without accents. */
export const SENT_WITH = [
  /^sent (?:from|via|using|with|by) .{1,60}$/,
  /^gesendet (?:von|mit|uber|aus) .{1,60}$/,
  /^(?:von mein|diese nachricht wurde|mobil |von unterwegs ).{0,80}gesendet$/,
  /^(?:envoye|ce message a ete envoye) (?:de|depuis|a partir|via|avec) .{1,60}$/,
  /^enviad[oa] (?:desde|con|por|mediante|do|da|de|a partir|pelo|com|via) .{1,60}$/,
  /^inviato (?:da|dal|con|tramite) .{1,60}$/,
  /^(?:verzonden|verstuurd) (?:vanaf|vanuit|met|via|van) .{1,60}$/,
  /^wysłan[eoay] (?:z|za) .{1,60}$/,
  /^skickat (?:fran|med|via) .{1,60}$/,
  /^sendt (?:fra|med|via) .{1,60}$/,
  /^(?:hanki|lahetetty) .{1,60}$/,
  /^trimis (?:de|din|cu) .{1,60}$/,
  /^(?:отправлено|надіслано) (?:с|из|з|із|через) .{1,60}$/,
  /^(?:odeslano|odoslane|poslano) (?:z|ze|zo|s) .{1,60}$/,
  /^.{1,60} (?:uzerinden|taraf[ıi]ndan|telefonumdan|'?dan|'?den) gonderildi$/,
  /^.{0,40}から送信$/,
  /^.{0,40}에서 보냄$/,
  /^(?:发自我的|从我的|發自|發自我的|寄件自|傳送自).{1,40}$/,
  /^(?:get|download|obtenez|obtener|telecharger|scarica|holen sie sich|laden sie|ontvang|download|baixe|obtenha|hamta|hent|pobierz|descargar|skaffa|fa) outlook .{1,60}$/,
  /^outlook (?:fur|for|pour|para|per|voor|dla|till) .{1,60}$/,
];

/** Words by which a writer says that the answers stand further down, within the quote; compared without accents. */
export const SEE_INLINE =
  /\b(?:in-?line|in line|answers? below|see below|below|in (?:red|blue|green|bold)|siehe unten|s\. ?u\.|weiter unten|im text|in (?:rot|blau)|ci-dessous|dans le (?:texte|corps)|en (?:rouge|bleu)|a continuacion|mas abajo|en (?:rojo|azul)|qui sotto|di seguito|in (?:rosso|blu)|abaixo|em (?:vermelho|azul)|hieronder|in het (?:rood|blauw)|nedan|nedenfor|ponizej|na (?:czerwono|niebiesko)|mai jos)\b|ниже|в тексте|красным|以下|下記|インライン|见下|如下|아래/u;
