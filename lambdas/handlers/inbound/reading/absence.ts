/** How programs and people head a notice that somebody is away, in the languages that they speak. Data. */
import { plain } from './languages.ts';

const phrases = (text: string): readonly string[] =>
  text
    .split('|')
    .map((one) => plain(one.trim()))
    // The longest first: one may begin another.
    .sort((one, other) => other.length - one.length);

/** What programs put before the subject that they answer. */
export const ABSENCE_NOTICES = phrases(
  `automatic reply|automated reply|auto reply|auto-reply|autoreply|automatic response|automated response|auto response|auto-response|autoresponse|autoresponder|
  out of office|out of the office|out-of-office|out of office reply|out of office autoreply|out of office auto-reply|out of office response|out of office message|
  out of office notification|
  automatische antwort|automatische rückantwort|autom. antwort|abwesenheitsnotiz|abwesenheitsmeldung|abwesenheitsnachricht|abwesenheitsbenachrichtigung|abwesenheitsassistent|
  réponse automatique|message d'absence|absence du bureau|absent du bureau|notification d'absence|
  respuesta automática|autorespuesta|fuera de la oficina|ausente de la oficina|mensaje de ausencia|
  risposta automatica|fuori sede|fuori ufficio|messaggio di assenza|
  resposta automática|ausência temporária|fora do escritório|ausente do escritório|
  automatisch antwoord|automatische reactie|automatische beantwoording|afwezigheidsbericht|afwezigheidsmelding|niet aanwezig|
  odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź|poza biurem|
  automatiskt svar|autosvar|frånvaromeddelande|ej på kontoret|
  automatisk svar|fraværsmeddelelse|fraværsmelding|fraværsbesked|ikke til stede|ikke på kontoret|
  automaattinen vastaus|poissaoloilmoitus|poissaoloviesti|
  răspuns automat|mesaj automat de absență|
  автоматический ответ|автоответ|автоответчик|нет на месте|вне офиса|автоматична відповідь|автоматичен отговор|
  自動応答|自動返信|自動返答|不在通知|不在応答|不在連絡|自动答复|自动回复|自動回覆|自動答覆|自動回復|外出自动回复|자동 회신|자동회신|자동 응답|부재중|
  automatická odpověď|mimo kancelář|automatická odpoveď|automatikus válasz|házon kívül|otomatik yanıt|ofis dışında|αυτόματη απάντηση|εκτός γραφείου|
  תשובה אוטומטית|מענה אוטומטי|رد تلقائي|الرد التلقائي|automatski odgovor|samodejni odgovor|automatinis atsakymas|automātiskā atbilde|automaatvastus|
  resposta automàtica|trả lời tự động|balasan otomatis|ตอบกลับอัตโนมัติ`,
);

/** What people write over such a notice themselves: they write it over other mails too, so it counts in an answer only. */
export const ABSENCE_WORDS = phrases(
  `on vacation|vacation|vacation reply|vacation message|vacation notice|away|away from office|away from the office|away from my desk|away message|on leave|annual leave|on holiday|holiday notice|i am out of office|i am out of the office|i'm out of the office|currently out of the office|not in the office|maternity leave|parental leave|ooo|
  abwesend|abwesenheit|im urlaub|urlaub|urlaubsnotiz|nicht im büro|ich bin im urlaub|ich bin nicht im büro|elternzeit|
  absence|absent|absente|en congés|en congé|congés|en vacances|vacances|
  de vacaciones|vacaciones|ausencia|ausente|in ferie|ferie|assente|assenza|em férias|de férias|férias|ausência|ausente|
  met vakantie|op vakantie|vakantie|afwezig|afwezigheid|urlop|na urlopie|nieobecność|semester|på semester|frånvarande|frånvaro|ferie|på ferie|fravær|loma|lomalla|poissa|
  concediu|în concediu|absent|отпуск|в отпуске|отсутствую|休暇|休暇中|不在|休假|外出|휴가`,
);
