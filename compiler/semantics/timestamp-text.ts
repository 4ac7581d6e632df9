/** Whether a text is a timestamp, as CEL and RFC 3339 write it. */

const timestampPattern = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:[Zz]|[+-](\d\d):(\d\d))$/;

/** RFC 3339, with a day that the month has. */
export function isTimestamp(text: string): boolean {
  const parts = timestampPattern.exec(text);
  if (!parts) return false;
  const [year, month, day, hour, minute, second, zoneHour, zoneMinute] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (
    month! < 1 ||
    month! > 12 ||
    day! < 1 ||
    hour! > 23 ||
    minute! > 59 ||
    second! > 59 ||
    zoneHour! > 23 ||
    zoneMinute! > 59
  )
    return false;
  const lastDay = new Date(Date.UTC(2000 + (year! % 400), month!, 0)).getUTCDate();
  return day! <= lastDay && year! >= 1;
}
