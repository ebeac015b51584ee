/** `$1.20`; what is less than a cent is not nothing. */
export function dollars(money: number): string {
  if (money > 0 && money < 0.01) return '< $0.01'
  return `$${money.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
}

export function count(number: number): string {
  return number.toLocaleString('en')
}

/** `1.2 M`: tokens are many. */
export function tokens(number: number): string {
  if (number >= 999_950) return `${(number / 1_000_000).toFixed(1)} M`
  return number >= 1000 ? `${Math.round(number / 1000)} k` : count(number)
}

/** Of a part from 0 to 1. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** How long something took, as finely as people care: `420 ms`, `9.2 s`, `4.5 min`, `2.0 h`, `3.1 d`. */
export function took(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 3_600_000) return `${(ms / 60_000).toFixed(1)} min`
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${(ms / 86_400_000).toFixed(1)} d`
}

/** `1 run`, `2 runs`. */
export function several(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`
}
