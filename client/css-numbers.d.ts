import "react";

/** Numbers that CSS computes with, set through the `style` prop (CSSOM, allowed by the Content-Security-Policy). */
declare module "react" {
  interface CSSProperties {
    "--share"?: number;
    "--fuse"?: number;
    "--at"?: number;
    "--rows"?: number;
    "--from"?: number;
    "--to"?: number;
    "--from"?: number;
    "--to"?: number;
  }
}
