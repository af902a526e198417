mod fixtures;
mod limits;
mod properties;
