/** When a session counts as used by two clients in turn: after how many rotations in a row that both of them took part in. */
export interface SuspicionOptions {
  /**
   * Where the devices differ, such as two browsers, or two systems.
   * @default 5
   */
  devices?: number;
  /**
   * Where the devices look alike and the networks differ; null where networks alone should never count.
   * @default 20
   */
  networks?: number | null;
}
