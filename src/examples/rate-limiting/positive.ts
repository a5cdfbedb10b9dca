/** @throws RangeError that says name, rule and value */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be a positive number: current value is ${value}`);
}
