/** `1,234,567`, as English groups digits. Without Intl, whose start costs a short run a tenth of its time. */
export const groupedNumber = (n: number): string => {
  const [whole = "", fraction] = String(n).split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
};
